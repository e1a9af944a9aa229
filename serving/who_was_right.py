"""The ledger of who was right: what people said of the model's view, held against what the accounts did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from serving.feedback import Feedback
from serving.store.records import BANDS

Verdict = Literal["person", "model", "agreed", "open"]


@dataclass(frozen=True)
class Left:
    """When an account decided to leave and the reason given for it, None where nobody knows it."""

    on: date
    reason: str | None


@dataclass(frozen=True)
class Standing:
    """What one person's words were worth. `agreed` overrides named the model's own band; `open` cannot be told yet, or ever."""

    by: str
    said: int
    person: int
    model: int
    agreed: int
    open: int


def judged(
    each: Feedback, left: Left | None, reasons_of: Mapping[str, Iterable[str]], *, horizon_days: int, until: date
) -> Verdict:
    """Who was right. An override is told once the account left within the horizon or the horizon is over; of two bands the
    higher is right about an account that left, the lower about one that stayed.

    A cause is told by a leaver's reason within the same time: whoever confirms a family that the reason speaks for (denies one
    it does not) is right against a model that says otherwise, and agrees with one that says the same. `reasons_of` maps a
    family to the reasons that speak for it; a family without any stays open.
    """
    last = each.as_of + timedelta(days=horizon_days)
    gone = left is not None and each.as_of <= left.on < last
    if each.kind == "override":
        if each.model_band is None or not (gone or last <= until):
            return "open"
        return _by_band(str(each.risk_band), each.model_band, gone=gone)
    reasons = tuple(reasons_of.get(each.family or "", ()))
    if left is None or not gone or left.reason is None or not reasons:
        return "open"
    real = left.reason in reasons
    person, model = (each.kind == "confirm") == real, (each.family in each.model_drivers) == real
    if person == model:
        return "agreed"
    return "person" if person else "model"


def ledger(
    said: Iterable[Feedback],
    left: Mapping[str, Left],
    reasons_of: Mapping[str, Iterable[str]],
    *,
    horizon_days: int,
    until: date,
) -> tuple[Standing, ...]:
    """One row a person, by name; what was said at or after `until` is not counted. Empty when nobody said anything."""
    verdicts: dict[str, list[Verdict]] = {}
    for each in said:
        if each.said_at.date() < until:
            found = judged(each, left.get(each.account_id), reasons_of, horizon_days=horizon_days, until=until)
            verdicts.setdefault(each.by, []).append(found)
    return tuple(
        Standing(by, len(each), *(each.count(name) for name in ("person", "model", "agreed", "open")))
        for by, each in sorted(verdicts.items())
    )


def _by_band(person: str, model: str, *, gone: bool) -> Verdict:
    if person == model:
        return "agreed"
    higher = BANDS.index(person) < BANDS.index(model)  # the bands stand with the highest first
    return "person" if higher == gone else "model"
