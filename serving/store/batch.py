"""What one scoring run hands to the store and to the sinks: tables about one as_of."""

from dataclasses import dataclass, field, fields
from datetime import date

import pandas as pd

from models.assessment import SECOND_COLUMNS
from serving.learning.log import ASSIGNMENT_COLUMNS, no_assignments

ASSESSMENT_COLUMNS = (
    "account_id",
    "as_of",
    "margin",
    "base",
    "margin_from",
    "margin_to",
    "risk_band",
    "health",
    "arr",
    "driver_1",
    "driver_2",
    "playbook",
    "effort_tier",
    "save_probability",
    "expected_value",
    "respond_by",
    "arm",
    "model_version",
    "status",
)
DRIVER_COLUMNS = ("account_id", "as_of", "family", "push", "strength", "evidence", "sentence_en", "sentence_es")
EVIDENCE_COLUMNS = ("account_id", "as_of", "table", "row_id", "at", "row")
ACCOUNT_COLUMNS = ("account_id", "name", "csm", "industry", "region", "language", "renews_at", "strategic", "crm_id")
PLAN_COLUMNS = (
    *("account_id", "as_of", "playbook", "runner_up", "modifiers", "reasons", "steps", "wait", "wait_until"),
    *("fit", "worth", "price_driver", "problems", "value"),
)
COVERAGE_COLUMNS = ("account_id", "as_of", "table", "covered_from", "reason")
COLUMNS = {
    "assessments": ASSESSMENT_COLUMNS,
    "drivers": DRIVER_COLUMNS,
    "evidence": EVIDENCE_COLUMNS,
    "accounts": ACCOUNT_COLUMNS,
    "coverage": COVERAGE_COLUMNS,
    "plans": PLAN_COLUMNS,
    "assignments": ASSIGNMENT_COLUMNS,
    "second_outcomes": SECOND_COLUMNS,
}
KEYS = {
    "assessments": ("account_id",),
    "drivers": ("account_id", "family"),
    "accounts": ("account_id",),
    "coverage": ("account_id", "table"),
    "plans": ("account_id",),
    "assignments": ("account_id",),
    "second_outcomes": ("account_id", "outcome"),
}


class UnfitBatchError(ValueError):
    """A batch that no reader could use: the message names the table, what is wrong and how many rows."""


@dataclass(frozen=True)
class Batch:
    """The result of one scoring run at `as_of`; `horizon_days` is the horizon decisions are made at.

    `assessments` has one row an account and a column `p_churn_<n>d` a horizon, `drivers` one row an account and family,
    `evidence` the raw rows they rest on, `accounts` who the account is, `coverage` which tables knew it, `plans` its play
    with reasons and dated steps (`serving.planning`), `assignments` how it came to its arm (`serving.learning.log`), and
    `second_outcomes` how likely it is to leave in the middle of a term, or to renew for less (`models.assessment`). All but the
    first may be empty, with their columns.
    """

    as_of: date
    horizon_days: int
    assessments: pd.DataFrame
    drivers: pd.DataFrame
    evidence: pd.DataFrame
    accounts: pd.DataFrame
    coverage: pd.DataFrame
    plans: pd.DataFrame
    assignments: pd.DataFrame = field(default_factory=no_assignments)
    second_outcomes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SECOND_COLUMNS)))

    def __post_init__(self) -> None:
        """Refuse missing columns, rows of another day, and rows of accounts that were not assessed."""
        for name, columns in COLUMNS.items():
            _refuse_missing(name, getattr(self, name), columns)
        _refuse_missing("assessments", self.assessments, (self.decision_column,))
        for name in ("assessments", "drivers", "evidence", "coverage", "plans", "assignments", "second_outcomes"):
            self._refuse_other_days(name)
        self._refuse_repeats()
        self._refuse_strangers()
        self._refuse_plays_without_plan()

    def _refuse_plays_without_plan(self) -> None:
        playing = set(self.assessments.loc[self.assessments["playbook"].notna(), "account_id"])
        without = playing - set(self.plans["account_id"])
        if without:
            raise UnfitBatchError(f"plans: {len(without)} accounts have a playbook but no plan; plan them with plan_all")

    @property
    def decision_column(self) -> str:
        """The column of the probability that decisions are made on."""
        return f"p_churn_{self.horizon_days}d"

    def only(self, account_ids: set[str]) -> "Batch":
        """The same batch with the rows of these accounts alone."""
        kept = {name: frame.loc[frame["account_id"].isin(account_ids)] for name, frame in self._frames().items()}
        return Batch(as_of=self.as_of, horizon_days=self.horizon_days, **kept)

    def _frames(self) -> dict[str, pd.DataFrame]:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name in COLUMNS}

    def _refuse_other_days(self, name: str) -> None:
        frame: pd.DataFrame = getattr(self, name)
        days = pd.to_datetime(frame["as_of"], utc=True).dt.date
        others = int((days != self.as_of).sum())
        if others:
            raise UnfitBatchError(f"{name}: {others} rows are not of {self.as_of}; a batch holds one as_of")

    def _refuse_repeats(self) -> None:
        for name, key in KEYS.items():
            repeated = int(getattr(self, name).duplicated(list(key)).sum())
            if repeated:
                raise UnfitBatchError(f"{name}: {repeated} rows repeat their {' + '.join(key)}; keep one row each")

    def _refuse_strangers(self) -> None:
        known = set(self.assessments["account_id"])
        for name in ("drivers", "evidence", "accounts", "coverage", "plans", "assignments", "second_outcomes"):
            strangers = set(getattr(self, name)["account_id"]) - known
            if strangers:
                raise UnfitBatchError(f"{name}: {len(strangers)} accounts have no assessment; assess them or leave them out")


def _refuse_missing(name: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise UnfitBatchError(f"{name}: no column {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}")
