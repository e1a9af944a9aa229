"""The sections of `params.yaml` that models read. Defaults stand there and nowhere else; unknown keys are refused."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from features.signal import FAMILIES


def known_family(name: str) -> str:
    """The name, when it is one of the families."""
    if name not in FAMILIES:
        raise ValueError(f"{name!r} is no family; allowed: {', '.join(FAMILIES)}")
    return name


Share = Annotated[float, Field(gt=0, le=1)]
Days = Annotated[int, Field(gt=0, strict=True)]
Count = Annotated[int, Field(ge=1, strict=True)]
Baseline = Literal["base_rate", "calendar", "recency", "rule_score"]
TableBaseline = Literal["base_rate", "best_column"]
Family = Annotated[str, AfterValidator(known_family)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RowsParams(_Section):
    """How many hazard rows are kept. Events always are; what is left out is weighted back exactly."""

    not_due_share: Share
    max_rows: Annotated[int, Field(ge=1000)]
    seed: int


class TrainingParams(_Section):
    """The anchor, the boosted trees, and how the two make one calibrated score."""

    seed: int
    seeds: Count
    threads: Count
    anchor_only_below_churned: Annotated[int, Field(ge=0)]
    anchor_share: Annotated[float, Field(ge=0, le=1)]
    anchor_share_sd: Annotated[float, Field(gt=0)]
    anchor_l2: Annotated[float, Field(gt=0)]
    anchor_signal_l2: Annotated[float, Field(gt=0)]
    near_days: Days
    z_clip: Annotated[float, Field(gt=0)]
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    leaves: Annotated[int, Field(ge=2)]
    max_depth: Count
    min_child_samples: Count
    feature_fraction: Share
    bagging_fraction: Share
    l2: Annotated[float, Field(ge=0)]
    cat_smooth: Annotated[float, Field(ge=0)]
    cat_l2: Annotated[float, Field(ge=0)]
    max_bin: Annotated[int, Field(ge=2, le=255)]
    category_levels: Count
    half_life_months: Annotated[float, Field(gt=0)] | None
    search_trials: Annotated[int, Field(ge=0, strict=True)]
    first_rounds: Count
    max_rounds: Count
    patience_rounds: Count
    min_churned: Count
    reasons_from: Count
    reasons_days: Days
    reasons_l2: Annotated[float, Field(gt=0)]
    calibration_min_churned: Count
    calibration_slope_sd: Annotated[float, Field(gt=0)]
    calibration_level_sd: Annotated[float, Field(gt=0)]
    telling_min_churned: Annotated[int, Field(ge=0)]
    calibration_fall: Annotated[float, Field(ge=0)]
    calibration_fall_sd: Annotated[float, Field(gt=0)]
    contraction_rows: Annotated[int, Field(ge=1000)]
    contraction_beat_probability: Share


class EvaluationParams(_Section):
    """Rolling origins and the intervals around what they show.

    `leads_days`: how long before an account-decision it is asked about. `alert_days`: up to how long before it an alert counts
    as one of it. `slices`: traits whose levels are told apart; of one
    with fewer churned accounts than `slice_min_churned` nothing is said.
    `tenure_from_years`: where each next level of the trait tenure begins.
    """

    origins: Count
    origin_step_days: Days
    seeds: Count
    bootstrap: Annotated[int, Field(ge=50)]
    slice_bootstrap: Annotated[int, Field(ge=50)]
    null_draws: Annotated[int, Field(ge=20)]
    calibration_bins: Annotated[int, Field(ge=2)]
    recency_signals: tuple[str, ...]
    leads_days: tuple[Days, ...]
    alert_days: Days
    slices: tuple[str, ...]
    slice_min_churned: Count
    tenure_from_years: tuple[Annotated[float, Field(gt=0)], ...]
    seed: int


class GateParams(_Section):
    """What a candidate must show before it may become champion."""

    baselines: tuple[Baseline, ...]
    beat_probability: Share
    beat_probability_anchor: Share
    arr_beat_probability: Share
    arr_beat_probability_anchor: Share
    anchor_confidence: Annotated[float, Field(gt=0, lt=1)]
    anchor_tolerance: Annotated[float, Field(ge=0)]
    champion_probability: Share
    arr_recall_tolerance: Annotated[float, Field(ge=0)]
    simpler_share: Share
    automatic_from_churned: Count
    min_churned: Count
    leak_auc: Annotated[float, Field(gt=0.5, le=1)]
    permutations: Count
    permuted_band_sd: Annotated[float, Field(gt=0)]
    observed_expected: tuple[float, float]
    calibration_slope: tuple[float, float]
    slice_min_churned: Count
    slice_auc_drop: Annotated[float, Field(ge=0)]
    slice_confidence: Annotated[float, Field(gt=0, lt=1)]
    slice_draws: Annotated[int, Field(ge=50)]
    slice_seed: int
    push_gap: Annotated[float, Field(gt=0)]


class ReadingParams(_Section):
    """Log-odds that a family is at work: `at` + push (in its usual size) + strength + signs − signs `against` it.

    A sign, which may be of any family, counts its robust z on its risky side. One against a family speaks for another cause.
    """

    at: float
    push: Annotated[float, Field(ge=0)]
    strength: Annotated[float, Field(ge=0)]
    signs: dict[str, Annotated[float, Field(ge=0)]] = {}
    against: dict[str, Annotated[float, Field(ge=0)]] = {}


class Bounds(_Section):
    """Where a signal's value lies; a missing value lies nowhere."""

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> "Bounds":
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least or at_most")
        return self


class RootCauseParams(_Section):
    """Where all signals of `when` lie in their bounds, `root` is named in the place of `symptom`."""

    symptom: Family
    root: Family
    when: Annotated[dict[str, Bounds], Field(min_length=1)]


class ExplanationParams(_Section):
    """When a family is named as a driver: it does not lower the risk, and the chance that it is at work is high enough.

    It lowers the risk when its push is `clear_push` (at most 0) or less. What is seen of it must go with leaving in the company's
    own past, with a chance of at least `telling_from` (`models.telling`). `name_from` is asked of driver_1, `also_from` of
    driver_2. The chance is that of `readings`; of a family of whose signs the model knows none, and of `circumstances` (they
    tell that something is wrong, or where, but seldom what), of `plain_reading`, theirs times `circumstance_weight`. Families are
    ranked by its log-odds, to which `reasons_weight` times the log of how much likelier the reasons that leavers gave make the
    family is added; circumstances stand behind every other family. What people confirmed or denied of a family moves its
    log-odds, half of it at `confirmations_half` words.
    A root cause needs a chance of `root_from` of its own. A signal beyond `notable_z` robust standard deviations
    is evidence, with at most `rows_a_signal` raw rows under it. A what-if is told from a fall in probability of `what_if_from`;
    of a named family it is asked whether it was already likely `before_days` before.
    """

    name_from: Annotated[float, Field(gt=0, lt=1)]
    also_from: Annotated[float, Field(gt=0, lt=1)]
    clear_push: Annotated[float, Field(le=0)]
    telling_from: Annotated[float, Field(ge=0, lt=1)]
    readings: dict[Family, ReadingParams]
    plain_reading: ReadingParams
    circumstances: tuple[Family, ...]
    circumstance_weight: Annotated[float, Field(gt=0, le=1)]
    confirmations_half: Annotated[float, Field(gt=0)]
    root_causes: tuple[RootCauseParams, ...]
    root_from: Annotated[float, Field(gt=0, lt=1)]
    reasons_weight: Annotated[float, Field(ge=0)]
    top_signals: Count
    notable_z: Annotated[float, Field(gt=0)]
    rows_a_signal: Count
    what_if_from: Annotated[float, Field(gt=0, lt=1)]
    before_days: Days


class DecisionParams(_Section):
    """The horizon decisions are made on, the share of accounts a team can work on, and the cuts of the risk bands.

    An account younger than `min_days` is not scored. Whoever leaves within `too_late_days` cannot be kept any more: a replay's
    queue does not rank by it (0: it does).
    """

    horizon_days: Days
    too_late_days: Annotated[int, Field(ge=0)]
    min_days: Annotated[int, Field(ge=0)]
    capacity_share: Share
    band_cuts: tuple[float, float, float]

    @model_validator(mode="after")
    def _rising(self) -> "DecisionParams":
        if not 0 < self.band_cuts[0] < self.band_cuts[1] < self.band_cuts[2] < 1:
            raise ValueError(f"decision.band_cuts {self.band_cuts} must rise between 0 and 1")
        return self


class Ramp(_Section):
    """Where a value stops being safe and where it is as bad as it gets; the risk between the two is a straight line."""

    safe: float
    danger: float

    @model_validator(mode="after")
    def _apart(self) -> "Ramp":
        if self.safe == self.danger:
            raise ValueError(f"a ramp needs two different ends, both are {self.safe}")
        return self


class HealthParams(_Section):
    """The rule score: weights by family, ramps by unit (`rising` = higher is riskier) and by signal where that is too coarse."""

    weights: dict[Family, Annotated[float, Field(ge=0)]]
    rising: dict[str, Ramp]
    falling: dict[str, Ramp]
    signals: dict[str, Ramp]
    top_signals: Count

    @model_validator(mode="after")
    def _weighs_something(self) -> "HealthParams":
        if not any(self.weights.values()):
            raise ValueError("health.weights are all 0: give at least one family a weight")
        return self


class TableParams(_Section):
    """How a table with one row a customer is learned from and tested. `training` and `gate` say the rest.

    `folds` x `repeats` (one repeat above `repeat_up_to_rows`) where rows have no time, else `blocks` forward in time; within
    each, `inner_folds` choose trees, share and calibration. `knots` of a column's curve: 3 to 5.
    """

    folds: Annotated[int, Field(ge=2)]
    repeats: Count
    repeat_up_to_rows: Count
    blocks: Count
    inner_folds: Annotated[int, Field(ge=2)]
    knots: Annotated[int, Field(ge=3, le=5)]
    anchor_l2: Annotated[float, Field(gt=0)]
    anchor_bend_l2: Annotated[float, Field(gt=0)]
    anchor_bends_from: Annotated[float, Field(ge=0)]
    anchor_max_rows: Annotated[int, Field(ge=1000)]
    baselines: tuple[TableBaseline, ...]
    drivers: Count
    explained_rows: Count
    seed: int
