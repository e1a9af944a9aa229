"""The parameters of this package, one class a section of `params.yaml`; every value stands there, none here."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from serving.condition import Rule

BANDS = ("low", "medium", "high", "critical")
APPROVERS = ("csm", "cs_manager", "director")  # up to a limit; the VP beyond
MOST_DAYS = 3650  # ten years: nobody looks further ahead or back, and more is a slip of the keyboard
SaveBand = Literal["high", "medium", "low"]
EffortTier = Literal["full", "standard", "light", "none"]
SaveFactor = Literal["problem", "relationship", "alternative", "budget", "people"]


class SaveFactorParams(BaseModel):
    """When one of the five factors of a save counts as strained, and when as broken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    strained: tuple[Rule, ...]
    broken: tuple[Rule, ...]


class TriageParams(BaseModel):
    """Section `triage`: where to invest and how fast. Values are currency units a year unless the name says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    save_probability: Mapping[SaveBand, float]
    save_probability_sd: float = Field(gt=0)
    mismatch_harm: float = Field(ge=0, le=1)
    plan_rows: int = Field(ge=1)
    effort_hours: Mapping[EffortTier, float]
    hour_cost: float = Field(ge=0)
    high_value_from_arr: float
    medium_value_from_arr: float
    tech_touch_below_arr: float
    executive_from_arr: float
    executive_risk_bands: tuple[str, ...]
    emergency_below_days: int
    quick_wins_below_days: int
    fast_response_bands: tuple[str, ...]
    fast_response_hours: int = Field(gt=0)
    response_hours: int = Field(gt=0)
    low_from_strained: int
    minor_up_to_strained: int
    lost_if_broken: tuple[SaveFactor, ...]
    sleeping_below: float = Field(ge=0, le=1)
    csm_hours: float = Field(gt=0)
    effort_days: int = Field(ge=1)
    fatigue_days: int = Field(ge=0)
    holidays: tuple[date, ...]
    save_factors: Mapping[SaveFactor, SaveFactorParams]
    alone_is_enough: tuple[Rule, ...]
    price_driver: tuple[Rule, ...]


class PlaysParams(BaseModel):
    """Section `plays`: the folder of a company's own plays; null: there are none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path | None


class AfterParams(BaseModel):
    """Section `after`: what follows a save or a loss, in days after it unless the name says otherwise; at most ten years."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme_days: int = Field(ge=1, le=MOST_DAYS)
    review_days: tuple[Annotated[int, Field(ge=0, le=MOST_DAYS)], ...]
    watch_days: int = Field(ge=1, le=MOST_DAYS)
    watch_every_days: int = Field(ge=1, le=MOST_DAYS)
    debrief_days: int = Field(ge=0, le=MOST_DAYS)
    flagged_days: int = Field(ge=1, le=MOST_DAYS)
    win_back_months: tuple[Annotated[int, Field(ge=1, le=MOST_DAYS // 30)], ...] = Field(min_length=1)
    look_ahead_days: int = Field(ge=1, le=MOST_DAYS)


class LearningParams(BaseModel):
    """Section `learning`: which share of eligible accounts is held out, and what is learned from them.

    `exempt_from_arr`: larger accounts are never held out, nor is anybody from the plays `never_held_out`. An effect is the
    change of the share that leaves within `window_days` of the assignment; of fewer than `min_accounts` in an arm of a play
    nothing is said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    holdout_share: float = Field(ge=0, lt=1)
    exempt_from_arr: float = Field(gt=0)
    never_held_out: tuple[str, ...]
    window_days: int = Field(ge=1)
    min_accounts: int = Field(ge=2)
    variance_accounts: float = Field(ge=0)
    logged_from_share: float = Field(gt=0, le=1)
    seed: int


class ServingParams(BaseModel):
    """Section `serving`: the page, the API and what is handed to other systems."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    port: int = Field(ge=0, le=65535)
    public_url: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    page_rows: int = Field(ge=1, le=500)
    after_rows: int = Field(ge=1)
    quote_days: int = Field(ge=1, le=182)
    quote_characters: int = Field(ge=40)
    quote_warm_from: float = Field(ge=0, le=1)
    evidence_rows: int = Field(ge=1)
    probability_digits: int = Field(ge=1, le=6)
    late_coverage_days: int = Field(ge=0)
    silent_from_days: int = Field(ge=1)
    silent_times: float = Field(gt=0)
    silent_rows: int = Field(ge=2)
    stale_after_days: int = Field(ge=1)
    override_most_days: int = Field(ge=1)


class ConcessionParams(BaseModel):
    """Section `concessions`: sizes in per cent off the list price, by risk band and by who may approve them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    percent_by_risk: Mapping[str, tuple[float, float]]
    approves_up_to: Mapping[str, float]
    ends_within_days: int = Field(ge=1)

    @model_validator(mode="after")
    def _every_band_and_role(self) -> Self:
        if set(self.percent_by_risk) != set(BANDS):
            raise ValueError(f"concessions.percent_by_risk names {', '.join(self.percent_by_risk)}; give {', '.join(BANDS)}")
        if set(self.approves_up_to) != set(APPROVERS):
            raise ValueError(f"concessions.approves_up_to names {', '.join(self.approves_up_to)}; give {', '.join(APPROVERS)}")
        limits = [self.approves_up_to[role] for role in APPROVERS]
        if limits != sorted(limits) or any(low > high for low, high in self.percent_by_risk.values()):
            raise ValueError(
                "concessions: each role approves at least as much as the one before it, and ranges run from low to high"
            )
        return self

    def range_of(self, band: str) -> tuple[float, float]:
        """From and up to how many per cent is offered at a risk."""
        return self.percent_by_risk[band]

    def limit_of(self, role: str) -> float:
        """Up to how many per cent the role approves; without bound above the director."""
        return self.approves_up_to.get(role, float("inf"))
