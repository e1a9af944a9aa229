"""What was learned of plays and of the save programme: the one file that triage and the pages read it from."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

RULE_SCORE, LOGGED = "rule score", "probability logged when they were assigned"  # what may steady the effects; else a model
Grouping = Literal["all", "playbook", "segment", "cause"]


class UnfitLearnedError(ValueError):
    """A file of what was learned that cannot be read; the message names it and what to do."""


class Frozen(BaseModel):
    """A value as it is kept in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(Frozen):
    """A number as far as it is known: its posterior mean, the quarter below which it lies one time in four, 90 % interval."""

    mean: float
    lower_quartile: float
    low: float
    high: float


class Naive(Frozen):
    """What a dashboard would say, beside how wrong that is.

    `difference`: share that left of the treated less that of accounts nobody treated. `bias`: how much of it the play did
    not do (`difference` - measured effect), with the interval of the effect.
    """

    difference: float
    bias: Estimate


class PlayEffect(Frozen):
    """What a play does to the share of accounts that leave within the window after they were assigned to it.

    `effect` is that share among those meant to be treated less that among those held out (intention to treat), pooled with
    the other plays: negative is good. `untreated` is the share that leaves without the play, `prevented` the share of those
    leavers that the play keeps: P(saved | play) for an account that would have left. With `too_few` nothing is said: all
    of these are null. `alone` and `standard_error` are of this play's accounts by themselves, before pooling.
    """

    play: str
    treated: int
    holdout: int
    treated_left: int
    holdout_left: int
    too_few: bool
    alone: float | None
    standard_error: float | None
    effect: Estimate | None
    untreated: float | None
    prevented: Estimate | None
    naive: Naive | None


class SaveRate(Frozen):
    """How many finished attempts ended in a save; accounts that would have stayed anyway count as saved."""

    play: str
    finished: int
    saved: int
    too_few: bool
    rate: Estimate | None


class Programme(Frozen):
    """The save programme in one group of accounts. A share or mean of nothing is null.

    `attempt_rate`: efforts begun / accounts assigned, held out or not. `success_rate`: saved / finished. `roi`: yearly revenue
    of what was saved / cost of the hours. `credited_roi`: the same with only the revenue that the hold-out credits to the
    plays. `retained_rate`: of the saved whose next renewal is decided, the share still there after it (`renewals_seen` of
    them). `days_to_save`: median from assignment to a save.
    """

    by: Grouping
    name: str
    assigned: int
    attempted: int
    finished: int
    saved: int
    attempt_rate: float | None
    success_rate: float | None
    effort_hours: float
    effort_cost: float
    arr_saved: float
    roi: float | None
    credited_roi: float | None
    renewals_seen: int
    retained_rate: float | None
    days_to_save: float | None


class Discounted(Frozen):
    """How many of the accounts with an effort got a concession on price, in one segment or of one CSM."""

    by: Literal["segment", "csm"]
    name: str
    accounts: int
    discounted: int
    share: float


class RenewalQuarter(Frozen):
    """Yearly value whose term ends in a quarter (`2026-Q3`, or `unknown`) and what of it is at risk, on the newest scored day."""

    quarter: str
    accounts: int
    arr: float
    arr_at_risk: float


class Portfolio(Frozen):
    """The year before `until`: net and gross revenue retention and the share of accounts that left, of those there at its start.

    Null when nobody was there then. `scored_on` is the day of `at_risk`; null and empty when nothing was scored.
    """

    since: date
    until: date
    accounts: int
    arr: float
    nrr: float | None
    grr: float | None
    logo_churn: float | None
    logo_churn_month: float | None
    scored_on: date | None
    at_risk: tuple[RenewalQuarter, ...]


class Record(Frozen):
    """How often a person was right against the model, or it against them; `agreed`: both said the same; `open`: not known yet."""

    said: int
    person: int
    model: int
    agreed: int
    open: int


class OverrideRecord(Record):
    """Risks that people held to be another, and who was closer on the `accounts` whose outcome is known (`left` of them left).

    Brier scores: the mean squared error of the chance, 0 is best; a person's chance is the nearest to the model's inside the
    band they gave. `low` to `high`: 90 % interval of the person's less the model's, negative where the person is closer. With
    `too_few` accounts these are null.
    """

    accounts: int
    left: int
    too_few: bool
    person_brier: float | None
    model_brier: float | None
    low: float | None
    high: float | None


class CauseRecord(Record):
    """A family that people confirmed or denied as a cause; told by the reasons that leavers gave."""

    family: str
    confirmed: int
    denied: int


class PersonRecord(Record):
    """What one person's words were worth, on risks and causes together."""

    by: str


class WhoWasRight(Frozen):
    """What people said of the model's view, held against what the accounts did within `horizon_days`."""

    horizon_days: int
    overrides: OverrideRecord
    causes: tuple[CauseRecord, ...]
    people: tuple[PersonRecord, ...]


class Learned(Frozen):
    """Everything `tenure learn` found in what was known before `until`.

    `adjusted_by` says which score before the assignment steadies the effects. Of `assignments`, the outcome of
    `not_over` is not known yet, and `unfit` belong to no account that was there: neither counts in an effect.
    `who_was_right` is null where nobody said anything of the model's view, and in files from before it was told.
    """

    format: Literal[1] = 1
    until: date
    window_days: int = Field(gt=0)
    adjusted_by: str
    assignments: int
    not_over: int
    unfit: int
    effects: tuple[PlayEffect, ...]
    save_rates: tuple[SaveRate, ...]
    programme: tuple[Programme, ...]
    discounted: tuple[Discounted, ...]
    portfolio: Portfolio
    who_was_right: WhoWasRight | None = None

    def effect_of(self, play: str) -> PlayEffect | None:
        """What was learned of the play's effect; None when nobody was ever assigned to it."""
        return next((each for each in self.effects if each.play == play), None)

    def save_rate_of(self, play: str) -> SaveRate | None:
        """How often attempts with the play end in a save; None when none is finished."""
        return next((each for each in self.save_rates if each.play == play), None)

    def save_probability(self, play: str) -> Estimate | None:
        """P(saved | play) of an account that would have left: what `expected value` multiplies. None: use the table.

        This is not the save rate, which also counts accounts that would have stayed anyway; it needs held-out accounts.
        """
        found = self.effect_of(play)
        return None if found is None else found.prevented


def read_learned(path: Path) -> Learned | None:
    """What the file holds; None when there is no such file: nothing was learned yet. `UnfitLearnedError` when it is damaged."""
    try:
        return Learned.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        what = (
            f"{error.error_count()} problems, the first at {_first(error)}"
            if isinstance(error, ValidationError)
            else "unreadable"
        )
        raise UnfitLearnedError(f"{path} is not what `tenure learn` wrote ({what}). Run it again, or remove the file.") from error


def write_learned(learned: Learned, path: Path) -> None:
    """The file in one step: a reader sees the old or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(learned.model_dump_json(indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    return ".".join(map(str, problem["loc"])) or str(problem["msg"])
