"""Which accounts a reader asks for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import ColumnElement

from serving.feedback import Band
from serving.store.publishing import searched_as
from serving.store.schema import ACCOUNTS, ASSESSMENTS


class Filters(BaseModel):
    """The filters of the list; one left out lets everything pass.

    `renews_within_days` keeps renewals from as_of to that many days after it. `search` looks in name and id, without
    accents and capitals.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    csm: str | None = Field(default=None, max_length=200)
    band: Band | None = None
    renews_within_days: int | None = Field(default=None, ge=0, le=3650)
    playbook: str | None = Field(default=None, max_length=100)
    search: str | None = Field(default=None, max_length=200)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, given: Any) -> Any:
        """An empty field of a form filters nothing."""
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given

    def conditions(self, as_of: date) -> list[ColumnElement[bool]]:
        """The conditions on assessments joined with accounts, the day included."""
        found: list[ColumnElement[bool]] = [ASSESSMENTS.c.as_of == as_of]
        if self.csm:
            found.append(ACCOUNTS.c.csm == self.csm)
        if self.band:
            found.append(ASSESSMENTS.c.risk_band == self.band)
        if self.playbook:
            found.append(ASSESSMENTS.c.playbook == self.playbook)
        if self.renews_within_days is not None:
            start = datetime.combine(as_of, time())
            found.append(ACCOUNTS.c.renews_at.between(start, start + timedelta(days=self.renews_within_days)))
        if self.search and self.search.strip():
            found.append(ACCOUNTS.c.searched_as.contains(searched_as(self.search.strip()), autoescape=True))
        return found
