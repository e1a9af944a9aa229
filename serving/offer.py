"""What a concession is: an offer with all that it must carry, and the same as it is kept."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Kind = Literal["discount", "bridge", "terms", "service"]
Approver = Literal["csm", "cs_manager", "director", "vp_cs"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class Offer(BaseModel):
    """What is offered. `percent` is off the list price (0: terms or service only); it is `tied_to` something and `ends_on` a day.

    A `bridge` rests on a fix that we owe (`delivers`, by `delivers_on`) and ends with it. `approved_by`: every name of the chain;
    `approver`: the highest role among them. `alternatives`: what else was weighed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    percent: float = Field(ge=0, le=100)
    tied_to: Line
    ends_on: date
    reason: Line
    expected: Line
    alternatives: tuple[Line, ...] = Field(min_length=1)
    by: Line
    approved_by: tuple[Line, ...] = Field(min_length=1)
    approver: Approver
    delivers: Line | None = None
    delivers_on: date | None = None


class Recorded(Offer):
    """The same as it is kept, with what was known of the account when it was made."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    account_id: str
    made_at: datetime
    as_of: date
    arr: float | None
    probability: float | None
    risk_band: str | None
    drivers: tuple[str, ...]
