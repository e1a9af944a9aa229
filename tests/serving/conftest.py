"""A made-up company of thirty accounts, scored on three days, with the product's own plays and signals."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import features.signals
from features.signal import FAMILIES, discover
from models.assessment import SECOND_COLUMNS
from serving.card import (
    Bin,
    CardFacts,
    Cell,
    Controls,
    Curve,
    FamilyMonth,
    GateFact,
    Group,
    Measured,
    MissingFact,
    SecondFact,
    Swarm,
    TableFact,
)
from serving.learning.learned import Learned
from serving.params import ConcessionParams, LearningParams, ServingParams, TriageParams
from serving.planning import plan_all
from serving.play import load_plays
from serving.store import Batch, Store
from serving.web.guide import Guide
from tests.serving.learning_made_up import made_up_learned

AS_OF = date(2026, 3, 2)
EARLIER = (date(2026, 1, 5), date(2026, 2, 2))
NAMES = (
    "Ñandú Logística, S.A.",
    "Brightwater Foods",
    'Kessler & Søn "Nord"',
    "Clínica Montaña",
    "Harbor Mutual Insurance",
    "Vega Ingeniería",
)
PARAMS = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
PUSHES = {
    "support": 1.45,
    "sentiment": 0.62,
    "usage": 0.48,
    "engagement": 0.21,
    "stakeholders": -0.34,
    "value": 0.11,
    "budget": 0.03,
    "competition": 0.0,
    "onboarding": -0.02,
    "commercial": -0.12,
    "firmographic": 0.01,
}
SAID = {
    "support": (
        "4 tickets about the same topic in 90 days. The latest event behind it is of 24 February 2026.",
        "4 tickets sobre el mismo tema en 90 días. El último hecho que lo respalda es del 24 de febrero de 2026.",
    ),
    "sentiment": (
        "The tone of the customer's messages fell by 0.4. Average satisfaction with tickets is 2.",
        "El tono de los mensajes del cliente bajó 0,4. La satisfacción media con los tickets es 2.",
    ),
    "usage": (
        "Usage fell by 38% against the 28 days before. 6 of 20 seats are in use.",
        "El uso bajó un 38 % frente a los 28 días anteriores. Se usan 6 de 20 licencias.",
    ),
    "stakeholders": (
        "This lowers the risk: 5 people are in touch with us. The sponsor is present.",
        "Esto reduce el riesgo: 5 personas están en contacto con nosotros. El patrocinador está presente.",
    ),
}
QUIET = ("Nothing here stands out from other accounts.", "Aquí nada se aparta de las demás cuentas.")
TICKETS = (
    ("T-9", "2026-02-24", "bug", 2.0, "The export fails again. This is the fourth time, and nobody gives us a date."),
    ("T-7", "2026-02-10", "bug", 2.0, "Exportación rota otra vez. <script>alert(1)</script> ¿Cuándo lo arreglan?"),
    ("T-4", "2026-01-20", "bug", None, "Export to the board report fails."),
    ("T-2", "2025-12-18", "bug", 3.0, "Export stops at 10,000 rows."),
)


def clock() -> datetime:
    """Noon of the day after the newest run."""
    return datetime(2026, 3, 3, 12, tzinfo=UTC)


def made_up_batch(as_of: date = AS_OF, accounts: int = 30) -> Batch:
    """One scoring run: descending risk, one account held out, one without a score, one without a contract date."""
    stamp = pd.Timestamp(as_of, tz="UTC")
    ids = [f"A-{number:03d}" for number in range(1, accounts + 1)]
    later = (AS_OF - as_of).days
    margin = np.array([1.15 - 0.17 * number - later * 0.012 for number in range(accounts)])
    hazard = 1 / (1 + np.exp(-margin))
    arr = [48_000.0 + 7_300 * ((number * 7) % 11) for number in range(accounts)]
    table = pd.DataFrame({"account_id": ids, "as_of": stamp})
    for days, share in ((30, 0.35), (90, 0.9), (180, 1.1), (365, 1.3)):
        table[f"p_churn_{days}d"] = 1 - (1 - hazard) ** share
    p90 = table["p_churn_90d"]
    table["margin"], table["base"] = margin, margin - sum(PUSHES.values())
    table["margin_from"], table["margin_to"] = (
        pd.Timestamp(as_of) + pd.Timedelta(days=60),
        pd.Timestamp(as_of) + pd.Timedelta(days=90),
    )
    table["risk_band"] = np.select([p90 >= 0.35, p90 >= 0.15, p90 >= 0.05], ["critical", "high", "medium"], "low")
    table["health"], table["arr"] = 61.0, arr
    table["driver_1"], table["driver_2"] = "support", "sentiment"
    table["model_version"], table["status"] = "3", "scored"
    blank = table.index[-1]
    scores = [name for name in table.columns if name.startswith("p_churn")]
    table.loc[blank, [*scores, "margin", "base", "health", "risk_band", "driver_1", "driver_2"]] = None
    table.loc[blank, "status"] = "too_new"
    drivers = _drivers(table, stamp)
    matrix = pd.DataFrame(
        {"account_id": ids, "days_to_renewal": 74.0, "tenure_days": 700.0, "repeat_topic_90d": 4.0, "bugs_90d": 4.0}
    )
    planned = plan_all(
        table,
        drivers.assign(chance=drivers["family"].map(lambda family: 0.6 if PUSHES[family] > 0.5 else 0.02)),
        matrix,
        {"A-001"},
        load_plays(),
        triage_params(),
        _learning(),
        as_of=as_of,
        decision_column="p_churn_90d",
        efforts={},
    )
    assessments = planned.assessments
    assessments.loc[2, "arm"] = "holdout"
    return Batch(
        as_of=as_of,
        horizon_days=90,
        assessments=assessments,
        drivers=drivers,
        evidence=_evidence(ids[:-1], stamp),
        accounts=_accounts(ids),
        coverage=_coverage(ids, stamp),
        plans=planned.plans,
        assignments=planned.assignments,
        second_outcomes=_second_outcomes(ids[:-1], stamp),
    )


def _second_outcomes(ids: list[str], stamp: pd.Timestamp) -> pd.DataFrame:
    """Every scored account may renew for less and, but for the second, leave early; nothing points at it but of the first two."""
    early = [
        (account, stamp, "early", *((0.0,) * 4 if n == 1 else (0.001, 0.004, 0.007, 0.012)), None, None)
        for n, account in enumerate(ids)
    ]
    less = [
        (account, stamp, "contracted", 0.01, 0.02, 0.05, 0.11, 0.25, "budget" if n < 2 else None) for n, account in enumerate(ids)
    ]
    return pd.DataFrame(early + less, columns=list(SECOND_COLUMNS))


def _drivers(table: pd.DataFrame, stamp: pd.Timestamp) -> pd.DataFrame:
    fact = {
        "signal": "repeat_topic_90d",
        "value": 4.0,
        "unit": "count",
        "comparison": {"value": 1.0, "what": "median of all accounts"},
        "since": "2025-12-18T00:00:00Z",
        "rows": [{"table": "tickets", "row_id": row[0], "at": f"{row[1]}T00:00:00Z"} for row in TICKETS],
    }
    scored = table.loc[table["status"] == "scored", "account_id"]
    return pd.DataFrame(
        [
            (
                account,
                stamp,
                family,
                PUSHES[family],
                1.0,
                json.dumps([fact] if family == "support" else []),
                *SAID.get(family, QUIET),
                0.7 if family == "support" else 0.2,
            )
            for account in scored
            for family in FAMILIES
        ],
        columns=["account_id", "as_of", "family", "push", "strength", "evidence", "sentence_en", "sentence_es", "chance"],
    )


def _evidence(ids: list[str], stamp: pd.Timestamp) -> pd.DataFrame:
    rows = [
        (
            row[0],
            row[1],
            {"account_id": "x", "ticket_id": row[0], "opened_at": f"{row[1]}T09:30:00Z", "kind": row[2], "csat": row[3]}
            | {"text": row[4]},
        )
        for row in TICKETS
    ]
    return pd.DataFrame(
        [(account, stamp, "tickets", row_id, pd.Timestamp(at), json.dumps(row)) for account in ids for row_id, at, row in rows],
        columns=["account_id", "as_of", "table", "row_id", "at", "row"],
    )


def _accounts(ids: list[str]) -> pd.DataFrame:
    numbers = range(len(ids))
    return pd.DataFrame(
        {
            "account_id": ids,
            "name": [NAMES[n % 6] + ("" if n < 6 else f" {n}") for n in numbers],
            "csm": [("ana.ruiz", "tom.becker", "mei.lin")[n % 3] for n in numbers],
            "industry": [("logistics", "food", "manufacturing", "health", "insurance", "engineering")[n % 6] for n in numbers],
            "region": "EMEA",
            "language": [("es", "en")[n % 2] for n in numbers],
            "renews_at": [pd.NaT if n == 4 else pd.Timestamp(AS_OF) + timedelta(days=74 + 9 * n) for n in numbers],
            "strategic": [n == 0 for n in numbers],
            "crm_id": [f"001{n:012d}" for n in numbers],
        }
    )


def _coverage(ids: list[str], stamp: pd.Timestamp) -> pd.DataFrame:
    known = (
        ("usage", "2024-01-01", None),
        ("tickets", "2024-01-01", None),
        ("surveys", "2025-12-01", None),
        ("messages", None, "no_data"),
        ("goals", None, "no_data"),
        ("onboarding", None, "not_applicable"),
    )
    return pd.DataFrame(
        [
            (account, stamp, table, pd.NaT if since is None else pd.Timestamp(since), reason)
            for account in ids
            for table, since, reason in known
        ],
        columns=["account_id", "as_of", "table", "covered_from", "reason"],
    )


def triage_params() -> TriageParams:
    """The shipped triage settings."""
    return TriageParams(**PARAMS["triage"])


def _learning() -> LearningParams:
    return LearningParams(**PARAMS["learning"])


@pytest.fixture(scope="session")
def batch() -> Batch:
    return made_up_batch()


@pytest.fixture(scope="session")
def make_batch() -> Callable[[date], Batch]:
    """Makes the batch of another day."""
    return made_up_batch


@pytest.fixture(scope="session")
def learned() -> Learned:
    return made_up_learned()


@pytest.fixture(scope="session")
def guide() -> Guide:
    return made_up_guide()


def made_up_guide() -> Guide:
    """The shipped plays, signals and settings."""
    signals = {signal.name: signal for signal in discover(features.signals)}
    return Guide(
        plays=load_plays(),
        signals=signals,
        params=ServingParams(**PARAMS["serving"]),
        triage=triage_params(),
        concessions=ConcessionParams(**PARAMS["concessions"]),
    )


@pytest.fixture(scope="session")
def store(batch: Batch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that holds three days. Read only: tests that publish make their own."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('store')}/store.db")
    for day in EARLIER:
        store.publish(made_up_batch(day))
    store.publish(batch)
    yield store
    store.close()


def cells(value: float) -> dict[str, Cell]:
    """Every metric of one ranking, as good as `value`."""
    around = {name: Cell(value, value - 0.04, value + 0.04) for name in ("auc", "average_precision", "brier_skill", "log_loss")}
    level = {name: Cell(1.02, 0.9, 1.15) for name in ("observed_expected", "calibration_slope")}
    caught = {name: Cell(value - 0.3, 0.1, 0.9) for name in ("precision_at_capacity", "arr_recall_at_capacity")}
    return around | level | caught | {"value_at_capacity": Cell(-1234.5, -2000.0, 150.0), "calibration_error": Cell(0.004)}


@pytest.fixture(scope="session")
def card_facts() -> CardFacts:
    """A card with every part, some of it small or unknown."""
    metrics = {name: cells(value) for name, value in (("model", 0.83), ("rule_score", 0.64), ("base_rate", 0.7))}
    share = [round(n / 20, 2) for n in range(21)]
    model = tuple((x, min(1.0, 2.2 * x)) for x in share)
    ahead = ((0.0, 0.8), (30.0, 0.7), (60.0, 0.55), (90.0, 0.4))
    rng = np.random.default_rng(3)
    dots = tuple(
        (round(float(push), 3), None if n % 9 == 0 else round(n / 80, 2)) for n, push in enumerate(rng.normal(0, 0.4, 80))
    )
    return CardFacts(
        until=date(2026, 3, 1),
        kind="blend",
        anchor_share=0.7,
        horizon_days=90,
        last_day=365,
        capacity_share=0.1,
        few_churned=50,
        first_look=date(2024, 1, 1),
        last_look=date(2026, 2, 1),
        accounts=1234,
        rows=107063,
        churned_accounts=199,
        origins=4,
        tables=(
            TableFact("accounts", 1234, 0, date(2020, 1, 1), date(2026, 2, 27)),
            TableFact("usage", 1_234_567, 12, date(2023, 10, 1), None),
        ),
        absent=("surveys",),
        missing=(MissingFact("nps_last", "sentiment", 0.71),),
        measured=(Measured(None, 3185, 94, metrics), Measured(90, 2189, 42, metrics)),
        groups=(
            Group("segment", "10000-50000", 371, 40, enough=True, metrics=metrics),
            Group("segment", "50000+", 148, 12, enough=False, metrics={}),
            Group("contract", "auto_renew", 355, 34, enough=True, metrics=metrics),
            Group("language", "es", 440, 49, enough=True, metrics=metrics),
            Group("attr_<b>tier", "gold & tin", 440, 49, enough=True, metrics=metrics),
        ),
        slice_min_churned=20,
        bins=tuple(Bin(0.004 * 2**n, 0.005 * 2**n, 318, int(1.6 * 2**n)) for n in range(7)),
        gains=(Curve("model", model), Curve("rule_score", tuple((x, x**0.8) for x in share))),
        alerted=(
            Curve("model", ahead, tuple(y - 0.1 for _, y in ahead), tuple(y + 0.1 for _, y in ahead)),
            Curve("rule_score", tuple((x, y - 0.2) for x, y in ahead)),
        ),
        lead_time={"model": Cell(67.0, 41.0, 108.0)},
        swarm=(
            Swarm("days_since_use", "usage", dots),
            Swarm("contract calendar", "", dots),
            Swarm("nps_last", "sentiment", dots),
        ),
        families=tuple(
            FamilyMonth(date(2025 + n // 12, 1 + n % 12, 1), {"usage": 0.4 + 0.02 * n, "support": 0.3, "budget": 0.3 - 0.02 * n})
            for n in range(12)
        ),
        second=(
            SecondFact("early", True, 90, 2497, 7, Cell(0.74, 0.53, 0.9), Cell(0.93, 0.29, 1.62), Cell(0.126, -0.06, 0.3)),
            SecondFact("contracted", False, 90, 3978, 36, Cell(0.83, 0.78, 0.88), Cell(1.04, 0.71, 1.39), Cell(None)),
        ),
        controls=Controls(Cell(0.497, 0.42, 0.58), 0.873, 0.415, 0.813, 0.297, 1600),
        gate=(GateFact("leak", passed=True), GateFact("beats_base_rate", passed=True), GateFact("something_new", passed=False)),
        fingerprints={"data": "0123abcd", "code": "unknown", "params": "abc", "rows": "def"},
    )
