"""Settings of the features package: one class a section of `params.yaml`, no defaults here."""

import re
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]
MemoryGb = Annotated[float, Field(ge=0.25, le=100_000, allow_inf_nan=False)]
Threads = Annotated[int, Field(ge=1, le=256)]


def _code(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text):
        raise ValueError("a currency is a code of three capital letters, such as EUR")
    return text


def _step(value: object) -> object:
    if value != "month" and not (type(value) is int and value >= 1):
        raise ValueError("write month, or a number of days from 1 on")
    return value


Code = Annotated[str, AfterValidator(_code)]
Step = Annotated[Literal["month"] | int, BeforeValidator(_step)]


class Release(BaseModel):
    """A feature and the day on which customers got it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feature: str
    released_on: date


class AuditParams(BaseModel):
    """When a column is suspected of telling what nobody knew yet. At least `min_accounts` on either side are compared.

    `gap`: the difference of two fill rates (0 to 1), at least `standard_errors` from none. `auc`: of a number against the
    outcome. `share_left`: of the accounts with a value, from which it is one of those that left; `told_gap`: how much more
    often those that left have such a value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_accounts: int = Field(ge=2)
    gap: float = Field(gt=0, le=1)
    standard_errors: float = Field(ge=0, allow_inf_nan=False)
    auc: float = Field(gt=0.5, le=1)
    share_left: float = Field(gt=0, le=1)
    told_gap: float = Field(gt=0, le=1)


class DataParams(BaseModel):
    """How tables are read. `exchange_rates`: the worth of one unit of each currency, all in the same money.

    `reporting_currency` None: the commonest of the terms known on the first day any term is known. `category_attributes`:
    `attr_` columns that are names although they look like numbers. `early_cancellation_days`: an account that decides so
    long before the end of its term leaves early. `audit`: when a column is suspected of a leak. `memory_gb` and `threads`
    bound the check.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reporting_currency: Code | None
    exchange_rates: dict[Code, Rate]
    core_features: tuple[str, ...]
    releases: tuple[Release, ...]
    category_attributes: tuple[str, ...]
    allowed_reject_share: float = Field(ge=0, le=1)
    early_cancellation_days: int = Field(ge=0)
    audit: AuditParams
    memory_gb: MemoryGb
    threads: Threads


class LabelParams(BaseModel):
    """`periods`: ends of the hazard periods in days after as_of, rising. `grace_days`: how long a term counts after its end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    periods: tuple[int, ...] = Field(min_length=1)
    grace_days: int = Field(ge=0)

    @field_validator("periods")
    @classmethod
    def _rise(cls, periods: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise((0, *periods))):
            raise ValueError("the days must rise from above 0, for example [30, 60, 90]")
        return periods


class PeerParams(BaseModel):
    """Who is whose peer: accounts of one segment by yearly value. `segments_from_arr`: where each next segment begins.

    With fewer than `at_least` accounts in a segment, all accounts are its peers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    segments_from_arr: tuple[float, ...]
    at_least: int = Field(ge=2)

    @field_validator("segments_from_arr")
    @classmethod
    def _rise(cls, cuts: tuple[float, ...]) -> tuple[float, ...]:
        if any(later <= earlier for earlier, later in pairwise(cuts)):
            raise ValueError("the amounts must rise, for example [1000, 10000]")
        return cuts


class SnapshotParams(BaseModel):
    """When training looks at the company: on the first of each month or every so many days, after `warm_up_days` of data.

    `history_months` bounds how far back training looks. `memory_gb` and `threads` bound DuckDB; `engine` computes the signals,
    and `spark` are settings of its session, as Spark names them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: Step
    warm_up_days: int = Field(ge=0)
    history_months: int = Field(ge=1)
    memory_gb: MemoryGb
    threads: Threads
    engine: Literal["duckdb", "spark"]
    spark: dict[str, str | int | float | bool]


class Competitor(BaseModel):
    """A rival's name as customers write it. `ambiguous`: also a common word, so that it counts only beside a cue word."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    ambiguous: bool = False


class TextParams(BaseModel):
    """How texts are read. `negation_words`: how far before a phrase a negation reaches.

    `fuzzy_ratio` (0-100) and `fuzzy_letters`: how near a typo of a competitor's name is, and from which length on.
    `longest_characters`: a longer text is read up to there. `analyzer`: `rules`, `embed`, or `package.module:function`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    analyzer: str
    competitors: tuple[Competitor, ...]
    negation_words: int = Field(ge=1)
    fuzzy_ratio: float = Field(ge=0, le=100)
    fuzzy_letters: int = Field(ge=1)
    longest_characters: int = Field(ge=1)
