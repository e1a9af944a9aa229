"""What the store hands out: frozen values, which are also what the JSON API answers."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from features.languages import Language
from serving.feedback import Feedback
from serving.practice import Phase
from serving.remediation import Row
from serving.value_summary import ValueSummary
from serving.wording import Text


def in_utc(at: datetime) -> datetime:
    """The moment marked as UTC; one without a zone is UTC already, as the store keeps it."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(in_utc)]
BANDS = ("critical", "high", "medium", "low")


class Record(BaseModel):
    """A value read from the store; it never changes."""

    model_config = ConfigDict(frozen=True)


class Horizon(Record):
    """How likely the account is to leave within `days` of as_of."""

    days: int
    probability: float


class HistoryPoint(Record):
    """What a run said on its day; `probability` is the one at the decision horizon, null when not scored."""

    as_of: date
    probability: float | None
    risk_band: str | None


class RowRef(Record):
    """One raw row: its table, its id there and its time."""

    table: str
    row_id: str
    at: Moment | None = None


class Comparison(Record):
    """What a value is held against."""

    value: Any = None
    what: Any = None


class Measure(Record):
    """One signal of a driver: its value, unit, comparison, since when, and the rows it rests on."""

    signal: str
    value: Any = None
    unit: str | None = None
    comparison: Comparison | None = None
    since: Any = None
    rows: tuple[RowRef, ...] = ()


class WhatIf(Record):
    """What one actionable signal would change in the model's view; probabilities at the decision horizon."""

    signal: str
    value: float
    typical: float
    before: float
    after: float
    sentence_en: str
    sentence_es: str


class Driver(Record):
    """What one family of signals does to the risk, with a sentence in each language."""

    family: str
    push: float | None = Field(description="log-odds; positive raises the risk")
    strength: float | None = Field(description="how much evidence there is")
    sentence_en: str | None
    sentence_es: str | None
    measures: tuple[Measure, ...]
    chance: float | None = Field(default=None, description="that the family is really at work, 0 to 1")
    since: Moment | None = Field(default=None, description="the oldest row shown of what speaks for it")
    before: bool | None = Field(default=None, description="whether it was likely a month before; null when not asked")
    what_if: WhatIf | None = None


class EvidenceRow(Record):
    """One raw row that a driver rests on; `row` holds its columns."""

    table: str
    row_id: str
    at: Moment | None
    row: dict[str, Any]


class Coverage(Record):
    """Which part of the past a table covers; `reason` (`no_data` or `not_applicable`) when it covers nothing."""

    table: str
    covered_from: date | None
    reason: str | None
    silent_since: date | None = Field(
        default=None, description="last day with a row, where nothing came for longer than is usual for the account"
    )


class SecondOutcome(Record):
    """An outcome besides leaving at a decision: `early` (leaving in the middle of a term) or `contracted` (renewing for less)."""

    outcome: Literal["early", "contracted"]
    horizons: tuple[Horizon, ...]
    lost_share: float | None = Field(description="share of the term's yearly value that a renewal for less takes on average")
    family: str | None = Field(description="whose evidence points at it most; null: none does, or signals say nothing of it")


class PlannedStep(Record):
    """One dated step of the plan, in both languages; `done` when the facts show it as done already."""

    due: date
    owner: str = Field(description="role")
    phase: Phase
    action: str = Field(description="play.action")
    done: bool
    text: Text


class Plan(Record):
    """The play chosen for an account: why (by language), what else was near, and the steps by day.

    `wait`: why no new effort begins before `wait_until` (`running`: one does already; `tired`: the last ended shortly ago).
    """

    playbook: str
    runner_up: str | None
    modifiers: tuple[str, ...]
    reasons: dict[Language, tuple[str, ...]]
    steps: tuple[PlannedStep, ...]
    wait: str | None = None
    wait_until: date | None = None
    fit: float | None = Field(
        default=None, description="chance that the play answers a cause at work; null: scored before it was told"
    )
    worth: float | None = Field(
        default=None, description="what the effort is worth within the longest horizon, in money; null: unknown"
    )
    price_driver: bool | None = Field(
        default=None, description="whether price is among the causes; null: scored before it was told"
    )
    problems: tuple[Row, ...] = Field(default=(), description="the remediation plan, fixable deal-breakers first")
    value: ValueSummary | None = Field(
        default=None, description="what the account got, from its own data; null: scored before it was told"
    )

    def first_step(self) -> PlannedStep | None:
        """The earliest step still to be done; None when all are done or there is none."""
        return next((step for step in self.steps if not step.done), None)


class Listed(Record):
    """One account in the list."""

    account_id: str
    name: str
    csm: str | None
    industry: str | None
    region: str | None
    language: str | None
    strategic: bool
    crm_id: str | None
    renews_at: date | None
    status: str
    probability: float | None = Field(description="of leaving within the decision horizon; null when not scored")
    risk_band: str | None
    health: float | None
    arr: float | None
    arr_at_risk: float | None
    driver_1: str | None
    driver_2: str | None
    playbook: str | None
    effort_tier: str | None
    save_probability: float | None
    expected_value: float | None
    respond_by: Moment | None
    arm: str | None
    model_version: str | None

    @property
    def named(self) -> tuple[str, ...]:
        """The families named as drivers, the first one first; empty when none is clear."""
        return tuple(name for name in (self.driver_1, self.driver_2) if name)


class Totals(Record):
    """Sums over every account that passes the filters, not only the page shown."""

    accounts: int
    scored: int
    arr: float
    arr_at_risk: float
    by_band: dict[str, int]


class Queue(Record):
    """One page of accounts, most revenue at risk first, with totals and the values the filters can take."""

    as_of: date
    horizon_days: int
    rows: tuple[Listed, ...]
    totals: Totals
    page: int
    pages: int
    csms: tuple[str, ...]
    playbooks: tuple[str, ...]


class Account(Listed):
    """Everything the store knows of one account at `as_of`."""

    as_of: date
    newest: bool = Field(description="whether this is the newest run of the store")
    horizon_days: int
    horizons: tuple[Horizon, ...]
    margin: float | None
    base: float | None
    margin_from: date | None = Field(description="first day of the decisive period: the one with the highest hazard")
    margin_to: date | None = Field(description="the day after its last day")
    drivers: tuple[Driver, ...] = Field(description="strongest push first")
    evidence: tuple[EvidenceRow, ...]
    plan: Plan | None = Field(description="null without a play, and for an account that is held out")
    second_outcomes: tuple[SecondOutcome, ...] = Field(
        default=(), description="none: not scored, or too few accounts ever renewed for less"
    )
    coverage: tuple[Coverage, ...]
    history: tuple[HistoryPoint, ...] = Field(description="oldest first, up to as_of")
    feedback: tuple[Feedback, ...] = Field(default=(), description="what people said of the days up to as_of, newest first")
