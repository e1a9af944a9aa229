"""Save attempts: a policy sees risk with some noise, assigns a play, holds some accounts out; a play that fits helps."""

from dataclasses import dataclass

import numpy as np

from features.world.accounts import Population
from features.world.clock import Bools, Clock, Floats, Ints
from features.world.draws import Rng, lag, office_time
from features.world.params import HazardParams, PlaysParams, WorldParams
from features.world.states import CAUSES

FITS_FROM = 0.5


@dataclass(frozen=True)
class Assignments:
    """One array entry a play or a holdout: `effect` in log-odds acts in the `months` months after `month`."""

    account: Ints
    month: Ints
    book: Ints
    treated: Bools
    matched: Bools
    effect: Floats
    months: Ints


def visible_risk(level: Floats, health: Floats) -> Floats:
    """What can be seen of an account's troubles and its business; levels shaped (causes, …). The team sees it with noise."""
    result: Floats = level.sum(axis=0) - 0.25 * health
    return result


def assign(
    rng: Rng, rows: Ints, month: int, level: Floats, acting: Floats, plays: PlaysParams, hazard: HazardParams
) -> Assignments:
    """Plays for the lives `rows` in one month; `level` and `acting` (log-odds) are shaped (rows, causes)."""
    books = list(plays.books.values())
    helps = np.array([[cause in book.families for cause in CAUSES] for book in books])
    wear = rng.random((len(rows), len(books))) * 0.01
    fitting = np.argmax(level @ helps.T.astype(np.float64) + wear, axis=1)
    chosen = rng.random(len(rows)) < plays.well_chosen_share
    book = np.where(chosen, fitting, rng.integers(0, len(books), len(rows)))
    matched: Bools = np.any(helps[book] & (acting >= FITS_FROM), axis=1)
    treated = rng.random(len(rows)) >= plays.holdout_share
    effect = strengths(book, matched, plays, hazard) * treated
    months = rng.integers(1, plays.months_max + 1, len(rows))
    return Assignments(rows, np.full(len(rows), month), book, treated, matched, effect, months)


def strengths(book: Ints, matched: Bools, plays: PlaysParams, hazard: HazardParams) -> Floats:
    """What each play does when it is carried out, in log-odds: of one that answers no cause at work, what it stirs up."""
    fitting = np.array([each.log_odds for each in plays.books.values()])[book]
    found: Floats = np.where(matched, fitting, plays.mismatch_log_odds) * min(hazard.effect, 1.0)
    return found


def merge(parts: list[Assignments]) -> Assignments:
    """All assignments of a world, in order of month and account."""
    names = ("account", "month", "book", "treated", "matched", "effect", "months")
    columns = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
    return Assignments(*columns)


def intervention_rows(
    rng: Rng, assigned: Assignments, people: Population, churned: Floats, arr: Floats, clock: Clock, params: WorldParams
) -> tuple[dict[str, object], dict[str, object]]:
    """The columns of `interventions` and of their truth; `arr` is the value of each account now (accounts x months)."""
    count = len(assigned.account)
    at = office_time(rng, clock.starts[assigned.month] + rng.integers(0, 27, count))
    gone = churned[assigned.account]
    begun = np.where(assigned.treated, at + rng.uniform(0.5, 5, count), np.nan)
    finished = begun + rng.uniform(21, 75, count)
    finished = np.where(gone < finished, gone + 0.2, finished)
    begun = np.where(begun < gone, begun, np.nan)
    finished = np.where(np.isfinite(begun), finished, np.nan)
    lost = gone < finished
    names = np.array(list(params.plays.books), dtype=object)[assigned.book]
    priced = (names == "budget") | (rng.random(count) < 0.08)
    value = arr[assigned.account, assigned.month]
    identity = np.array([f"P-{number:06d}" for number in range(count)], dtype=object)
    kept = (at < gone) & (at >= people.created_day[assigned.account])
    rows: dict[str, object] = {
        "intervention_id": identity,
        "account_id": people.account_id[assigned.account],
        "playbook": names,
        "assigned_at": at,
        "arm": np.where(assigned.treated, "treated", "holdout").astype(object),
        "started_at": begun,
        "finished_at": finished,
        "effort_hours": np.round(rng.gamma(3.0, 4.0 + 4.0 * people.segment[assigned.account]), 1),
        "concession_percent": np.where(priced, rng.choice(np.array([5.0, 10.0, 15.0, 20.0]), count), 0.0),
        "outcome": np.where(lost, "lost", "saved").astype(object),
        "arr_saved": np.where(lost, 0.0, value),
        "known_at": at + lag(rng, count, params.records),
    }
    truth: dict[str, object] = {"intervention_id": identity, "matched": assigned.matched, "effect": assigned.effect}
    return _keep(rows, kept), _keep(truth, kept)


def _keep(columns: dict[str, object], kept: Bools) -> dict[str, object]:
    return {name: np.asarray(values)[kept] for name, values in columns.items()}
