"""What a CSM says of the model's view: a cause confirmed or denied, a risk seen otherwise. It stands beside it, never over it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from features.signal import FAMILIES

Kind = Literal["confirm", "deny", "override"]
Band = Literal["low", "medium", "high", "critical"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]


class UnfitFeedbackError(ValueError):
    """Words of a CSM that cannot be kept: `what` names the field, the message says what is wrong and what to give."""

    def __init__(self, what: str, message: str) -> None:
        """Keep the field's name beside the message."""
        super().__init__(message)
        self.what = what


class Said(BaseModel):
    """What somebody says of one account: `confirm` or `deny` names a family, `override` a risk band until a day.

    `reason` may be empty for a cause; an override must give one. `expires_on` is the first day it no longer holds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    by: Line
    family: str | None = None
    risk_band: Band | None = None
    expires_on: date | None = None
    reason: Words = ""


class Feedback(Said):
    """The same as it is kept: when it was said (UTC), of which scored day, and what the model held then."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    account_id: str
    said_at: datetime
    as_of: date
    model_probability: float | None = Field(description="of leaving within the decision horizon, on the day it was said of")
    model_band: str | None
    model_drivers: tuple[str, ...] = ()
    model_version: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether an override still holds on `day`; what is said of a cause does not expire."""
        return self.expires_on is None or day < self.expires_on


def checked(said: Said, today: date, most_days: int) -> Said:
    """The same, if it can be kept; `UnfitFeedbackError` names the first field that cannot, and what to give."""
    if said.kind == "override":
        return _checked_override(said, today, most_days)
    if said.family not in FAMILIES:
        raise UnfitFeedbackError("family", f"family is {said.family!r}; give one of {', '.join(FAMILIES)}")
    for name in ("risk_band", "expires_on"):
        if getattr(said, name) is not None:
            raise UnfitFeedbackError(name, f"{name} belongs to an override, not to a cause that you {said.kind}; leave it out")
    return said


def _checked_override(said: Said, today: date, most_days: int) -> Said:
    if said.family is not None:
        raise UnfitFeedbackError("family", "family belongs to a cause that you confirm or deny, not to an override; leave it out")
    if said.risk_band is None:
        raise UnfitFeedbackError("risk_band", f"an override needs risk_band, one of {', '.join(get_args(Band))}")
    if not said.reason:
        raise UnfitFeedbackError("reason", "an override needs a reason: it is read when it shows who was right")
    last = today + timedelta(days=most_days)
    if said.expires_on is None or not today < said.expires_on <= last:
        given = "missing" if said.expires_on is None else str(said.expires_on)
        raise UnfitFeedbackError("expires_on", f"expires_on is {given}; give a day after {today}, {last} at the latest")
    return said


def verdicts(said: Mapping[str, tuple[Feedback, ...]]) -> dict[tuple[str, str], Kind]:
    """(account, family) -> the newest word on it, confirm or deny; `said` is by account, newest first."""
    found: dict[tuple[str, str], Kind] = {}
    for account, words in said.items():
        for each in words:
            if each.family is not None:
                found.setdefault((account, each.family), each.kind)
    return found


def counted(said: Iterable[Feedback], until: date) -> dict[str, tuple[int, int]]:
    """Family -> of how many accounts it was confirmed, and denied, by the newest word on each that was said before `until`."""
    by_account: dict[str, tuple[Feedback, ...]] = {}
    for each in sorted(said, key=lambda each: each.said_at, reverse=True):
        if each.said_at.date() < until:
            by_account[each.account_id] = (*by_account.get(each.account_id, ()), each)
    found: dict[str, tuple[int, int]] = {}
    for (_, family), kind in verdicts(by_account).items():
        confirmed, denied = found.get(family, (0, 0))
        found[family] = (confirmed + (kind == "confirm"), denied + (kind == "deny"))
    return found
