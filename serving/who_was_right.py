"""The ledger of who was right: what people said of the model's view, held against what the accounts did."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from serving.feedback import Feedback
from serving.learning.learned import CauseRecord, OverrideRecord, PersonRecord, WhoWasRight
from serving.store.records import BANDS

Verdict = Literal["person", "model", "agreed", "open"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
Z90 = NormalDist().inv_cdf(0.95)  # of a 90 % interval


@dataclass(frozen=True)
class Left:
    """When an account decided to leave and the reason given for it, None where nobody knows it."""

    on: date
    reason: str | None


@dataclass(frozen=True)
class Outcome:
    """What became of an account after a day: whether it left, and until when it is known to have stayed if not."""

    left: Left | None
    followed_until: date


def judged(
    each: Feedback, left: Left | None, reasons_of: Mapping[str, Iterable[str]], *, horizon_days: int, until: date
) -> Verdict:
    """Who was right. An override is told once the account left within the horizon or the horizon is over; of two bands the
    higher is right about an account that left, the lower about one that stayed.

    A cause is told by a leaver's reason within the same time: whoever confirms a family that the reason speaks for (denies one
    it does not) is right against a model that says otherwise, and agrees with one that says the same. `reasons_of` maps a
    family to the reasons that speak for it; a family without any stays open.
    """
    gone = _gone(each, left, horizon_days)
    if each.kind == "override":
        if each.model_band is None or not (gone or _over(each, horizon_days, until)):
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
    said: Sequence[Feedback],
    outcomes: Sequence[Outcome],
    reasons_of: Mapping[str, Iterable[str]],
    cuts: Sequence[float],
    *,
    horizon_days: int,
    min_accounts: int,
    until: date,
) -> WhoWasRight:
    """The ledger; `outcomes` belong to `said`, one each. What was said at or after `until` is not counted.

    `cuts`: of the chance within the horizon, where the bands medium, high and critical begin. Of fewer than `min_accounts`
    with a known outcome nothing is said of who is closer.
    """
    known = [(each, found) for each, found in zip(said, outcomes, strict=True) if each.said_at.date() < until]
    told = [
        (each, judged(each, found.left, reasons_of, horizon_days=horizon_days, until=min(until, found.followed_until)))
        for each, found in known
    ]
    overrides = [verdict for each, verdict in told if each.kind == "override"]
    squares = _squares([(each, found) for each, found in known if each.kind == "override"], cuts, horizon_days, until)
    families = sorted({each.family for each, _ in told if each.family is not None})
    people = sorted({each.by for each, _ in told})
    return WhoWasRight(
        horizon_days=horizon_days,
        overrides=OverrideRecord(**_counts(overrides), **_closer(squares, min_accounts)),
        causes=tuple(_cause(family, [pair for pair in told if pair[0].family == family]) for family in families),
        people=tuple(PersonRecord(by=by, **_counts([verdict for each, verdict in told if each.by == by])) for by in people),
    )


def implied(band: str, probability: float, cuts: Sequence[float]) -> float:
    """The chance inside `band` that lies nearest to the model's: the least that the person's word changes of it."""
    place = len(BANDS) - 1 - BANDS.index(band)  # the bands stand with the highest first, their cuts with the lowest
    edges = (0.0, *cuts, 1.0)
    return min(max(probability, edges[place]), edges[place + 1])


def _squares(known: Iterable[tuple[Feedback, Outcome]], cuts: Sequence[float], horizon_days: int, until: date) -> pd.DataFrame:
    """account, left, and the squared error of the person and of the model, of each override whose outcome is known."""
    rows = []
    for each, found in known:
        gone = _gone(each, found.left, horizon_days)
        if each.model_probability is None or not (gone or _over(each, horizon_days, min(until, found.followed_until))):
            continue
        person = implied(str(each.risk_band), each.model_probability, cuts)
        rows.append((each.account_id, gone, (person - gone) ** 2, (each.model_probability - gone) ** 2))
    return pd.DataFrame(rows, columns=["account", "left", "person", "model"])


def _closer(squares: pd.DataFrame, min_accounts: int) -> dict[str, Any]:
    """Brier scores over accounts, each counted once however often it was overridden, and the 90 % interval between them."""
    each = squares.groupby("account")[["person", "model"]].mean()
    few = len(each) < min_accounts
    found: dict[str, Any] = {
        "accounts": len(each),
        "left": int(squares.groupby("account")["left"].any().sum()),
        "too_few": few,
        **dict.fromkeys(("person_brier", "model_brier", "low", "high")),
    }
    if few:
        return found
    apart = each["person"] - each["model"]
    half = Z90 * float(apart.std(ddof=1)) / float(np.sqrt(len(each)))
    mean = float(apart.mean())
    briers = {"person_brier": float(each["person"].mean()), "model_brier": float(each["model"].mean())}
    return {**found, **briers, "low": mean - half, "high": mean + half}


def _cause(family: str, told: list[tuple[Feedback, Verdict]]) -> CauseRecord:
    kinds = Counter(each.kind for each, _ in told)
    counts = _counts([verdict for _, verdict in told])
    return CauseRecord(family=family, confirmed=kinds["confirm"], denied=kinds["deny"], **counts)


def _counts(verdicts: list[Verdict]) -> dict[str, int]:
    counted = Counter(verdicts)
    return {"said": len(verdicts)} | {name: counted[name] for name in VERDICTS}


def _gone(each: Feedback, left: Left | None, horizon_days: int) -> bool:
    return left is not None and each.as_of <= left.on < each.as_of + timedelta(days=horizon_days)


def _over(each: Feedback, horizon_days: int, until: date) -> bool:
    return each.as_of + timedelta(days=horizon_days) <= until


def _by_band(person: str, model: str, *, gone: bool) -> Verdict:
    if person == model:
        return "agreed"
    higher = BANDS.index(person) < BANDS.index(model)  # the bands stand with the highest first
    return "person" if higher == gone else "model"
