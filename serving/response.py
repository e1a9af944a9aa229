"""The response clock: whom nobody reached in time since the account was flagged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from pydantic import BaseModel, ConfigDict

QUIET_BAND = "low"  # a play for a low risk has no clock
HOUR_SECONDS = 3600


@dataclass(frozen=True)
class Flag:
    """One scored day of an account: whether it had a play and which risk, until when the call was to be made."""

    as_of: date
    risk_band: str | None
    playbook: str | None
    respond_by: datetime | None

    @property
    def runs(self) -> bool:
        """Whether a clock runs on that day."""
        return self.playbook is not None and self.risk_band not in (None, QUIET_BAND) and self.respond_by is not None


class Breach(BaseModel):
    """An account that nobody reached in time. `since`: the first day of the scored days in a row on which it was flagged.

    `hours_late` counts from `respond_by` of that day to the newest scored day. `reached`: when somebody last did, before `since`
    (null: not in 90 days).
    """

    model_config = ConfigDict(frozen=True)

    account_id: str
    name: str
    csm: str | None
    risk_band: str
    since: date
    respond_by: datetime
    hours_late: float
    reached: date | None


def breaches(
    days: Mapping[str, Sequence[Flag]], reached: Mapping[str, date], who: Mapping[str, tuple[str, str | None]], as_of: date
) -> tuple[Breach, ...]:
    """Every breach as of the newest scored day, the latest first; `days` are each account's scored days, oldest first.

    A contact on the day of the flag or after it stops the clock. A day on which the account was not flagged begins anew.
    """
    found = (_breach(account, flags, reached.get(account), who[account], as_of) for account, flags in days.items())
    return tuple(sorted((each for each in found if each), key=lambda each: (-each.hours_late, each.account_id)))


def _breach(account: str, flags: Sequence[Flag], reached: date | None, who: tuple[str, str | None], as_of: date) -> Breach | None:
    first = _first_of_run(flags)
    if first is None or first.respond_by is None or first.risk_band is None or flags[-1].as_of != as_of:
        return None
    now = datetime.combine(as_of, time(), UTC)
    late = (now - first.respond_by.replace(tzinfo=UTC)).total_seconds() / HOUR_SECONDS
    if late <= 0 or (reached is not None and reached >= first.as_of):
        return None
    return Breach(
        account_id=account,
        name=who[0],
        csm=who[1],
        risk_band=flags[-1].risk_band or first.risk_band,
        since=first.as_of,
        respond_by=first.respond_by.replace(tzinfo=UTC),
        hours_late=late,
        reached=reached,
    )


def _first_of_run(flags: Iterable[Flag]) -> Flag | None:
    """The first of the flagged days in a row that end with the newest; None when the newest is not flagged."""
    first: Flag | None = None
    for flag in flags:
        first = (first or flag) if flag.runs else None
    return first
