"""The section `world` of params.yaml: how large the synthetic company is, how often it loses customers and what for."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

FROZEN = ConfigDict(frozen=True, extra="forbid")
Share = Field(ge=0, le=1)
Factor = Annotated[float, Field(ge=0)]


class SegmentParams(BaseModel):
    """One size of account: its share, contract value and use; `log_odds` shifts its hazard."""

    model_config = FROZEN
    share: float = Share
    arr_median: float = Field(gt=0)
    arr_sigma: float = Field(ge=0)
    seats_median: float = Field(gt=0)
    seats_sigma: float = Field(ge=0)
    usage_rows_month: float = Field(gt=0)
    tickets_month: float = Field(ge=0)
    log_odds: float


class FamilyParams(BaseModel):
    """One cause of churn: chance of setting in a month (onboarding: of an entry), how long it lasts, its log-odds."""

    model_config = FROZEN
    onset: float = Share
    months: float = Field(gt=0)
    log_odds: float


class FamiliesParams(BaseModel):
    """The eight planted causes, by the family that a signal of them belongs to."""

    model_config = FROZEN
    usage: FamilyParams
    support: FamilyParams
    stakeholders: FamilyParams
    budget: FamilyParams
    competition: FamilyParams
    value: FamilyParams
    engagement: FamilyParams
    onboarding: FamilyParams


class HazardParams(BaseModel):
    """What moves the hazard besides the families. `effect` 0 makes a null world: nothing that is seen says who leaves."""

    model_config = FROZEN
    effect: float = Field(ge=0)
    annual_churn: float = Field(gt=0, lt=1)
    monthly_churn: float = Field(gt=0, lt=1)
    early_churn: float = Field(ge=0, lt=1)
    log_odds_max: float = Field(gt=0)
    health_log_odds: float
    health_persistence: float = Field(ge=0, lt=1)
    frailty_sd: float = Field(ge=0)
    exit_times_adoption: float
    budget_times_adoption: float


class PlayParams(BaseModel):
    """One playbook: the families it helps with, and by how many log-odds."""

    model_config = FROZEN
    families: tuple[str, ...]
    log_odds: float


class PlaysParams(BaseModel):
    """Who gets a play: visible risk above `threshold`; a holdout share is left alone; some plays are ill-chosen."""

    model_config = FROZEN
    threshold: float
    threshold_noise: float = Field(ge=0)
    cooldown_months: int = Field(ge=1)
    holdout_share: float = Share
    well_chosen_share: float = Share
    mismatch_log_odds: float
    months_max: int = Field(ge=1)
    books: dict[str, PlayParams]


class RecordParams(BaseModel):
    """How the company writes things down: lateness, gaps and errors."""

    model_config = FROZEN
    lag_hours: float = Field(gt=0)
    late_share: float = Share
    late_days_max: float = Field(gt=0)
    reason_missing_share: float = Share
    reason_wrong_share: float = Share
    exit_interview_share: float = Share
    notice_share: float = Share
    survey_answer_share: float = Share
    offboarding_share: float = Share


class DriftParams(BaseModel):
    """What changes from `from_share` of the log on, by cause: factors on its log-odds, and on the chance of setting in."""

    model_config = FROZEN
    from_share: float = Share
    log_odds: dict[str, Factor]
    onset: dict[str, Factor]


class TwinParams(BaseModel):
    """A world that differs from its twin of the same seed in one thing: no plays, or one cause that acts on nobody."""

    model_config = FROZEN
    plays: bool
    without: str | None


class WorldParams(BaseModel):
    """The synthetic company. It ends at midnight UTC of `end`, the first of a month."""

    model_config = FROZEN
    end: date
    burn_in_months: int = Field(ge=6)
    history_months: int = Field(ge=1)
    monthly_share: float = Share
    auto_renew_share: float = Share
    notice_days: tuple[int, ...] = Field(min_length=1)
    notice_days_monthly: int = Field(ge=1, le=25)
    accounts_per_csm: int = Field(ge=1)
    currency: str
    industries: tuple[str, ...] = Field(min_length=1)
    countries_en: tuple[str, ...] = Field(min_length=1)
    countries_es: tuple[str, ...] = Field(min_length=1)
    regions: tuple[str, ...] = Field(min_length=1)
    features: tuple[str, ...] = Field(min_length=2)
    export_feature: str
    segments: dict[str, SegmentParams]
    families: FamiliesParams
    hazard: HazardParams
    plays: PlaysParams
    records: RecordParams
    drift: DriftParams
    twin: TwinParams
    futures: int = Field(ge=0)
    particles: int = Field(ge=0)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.end.day != 1:
            raise ValueError(f"world.end is {self.end}; give the first of a month")
        if self.export_feature not in self.features:
            raise ValueError(f"world.export_feature {self.export_feature!r} is not one of world.features")
        if abs(sum(segment.share for segment in self.segments.values()) - 1) > 1e-9:
            raise ValueError("world.segments: the shares must add up to 1")
        named = {*self.drift.log_odds, *self.drift.onset, *([self.twin.without] if self.twin.without else [])}
        unknown = sorted(named - set(FamiliesParams.model_fields))
        if unknown:
            there = ", ".join(FamiliesParams.model_fields)
            raise ValueError(f"world.drift or world.twin names {', '.join(unknown)}; the causes of this world are {there}")
        return self
