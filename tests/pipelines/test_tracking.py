import sqlite3
from datetime import date

import mlflow
import numpy as np
import pandas as pd
import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from features.check_report import CheckReport
from features.errors import BadInput
from features.signal import Phrase, View, signal
from models.training import train
from pipelines import tracking
from pipelines.card import card_of, recent
from pipelines.champion_card import champion_card
from pipelines.home import Home
from pipelines.lineage import Lineage, code_version
from pipelines.params import load

UNTIL = date(2022, 7, 1)
QUICK = """
evaluation: {origins: 1, bootstrap: 50, null_draws: 20, recency_signals: [quiet_days]}
training: {seeds: 2, max_rounds: 20, first_rounds: 10, anchor_only_below_churned: 20}
gate: {permutations: 1}
"""


def quiet_days(rows):
    """Days since anybody used it."""
    return rows


def days_to_renewal(rows):
    """Days to the end of the running term."""
    return rows


def declared(value, **how):
    return signal(family=how.pop("family"), view=View("tiny", "usage", None), phrase=Phrase("x", "x"), missing="-", **how)(value)


CATALOGUE = (
    declared(quiet_days, family="usage", unit="days", direction=1),
    declared(days_to_renewal, family="commercial", unit="days", direction=0, calendar=True),
)


def company(accounts=150, months=18):
    """Monthly contracts: who was quiet for long leaves in the middle of the month."""
    rng = np.random.default_rng(3)
    rows, alive = [], np.ones(accounts, dtype=bool)
    for month in pd.date_range("2021-01-01", periods=months, freq="MS"):
        quiet = rng.exponential(10, accounts)
        leaves = alive & (rng.random(accounts) < 1 / (1 + np.exp(4 - quiet / 8)))
        rows += [
            (f"A{n:03d}", month, quiet[n], month + pd.Timedelta(days=14) if leaves[n] else pd.NaT) for n in np.flatnonzero(alive)
        ]
        alive &= ~leaves
    table = pd.DataFrame(rows, columns=["account_id", "as_of", "quiet_days", "left"])
    last = table.groupby("account_id")["left"].transform("max")
    calendar = {"days_to_renewal": 14.0, "term_days": 30.0, "monthly_term": 1.0, "auto_renew": 1.0, "notice_days": 0.0}
    matrix = table[["account_id", "as_of", "quiet_days"]].assign(**calendar)
    follow_up = table[["account_id", "as_of"]].assign(
        churned_at=last,
        outcome_known_at=last + pd.Timedelta(days=1),
        followed_until=last.fillna(pd.Timestamp(UNTIL)),
    )
    return matrix.astype({"as_of": "datetime64[us]"}), follow_up


REPORT = CheckReport("contract", (), ("surveys",), (), (), (), None, 0.05)


@pytest.fixture(scope="module")
def params(tmp_path_factory):
    path = tmp_path_factory.mktemp("settings") / "quick.yaml"
    path.write_text(QUICK, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def trained(params):
    matrix, follow_up = company()
    training = train(
        matrix,
        follow_up,
        CATALOGUE,
        until=UNTIL,
        arr=np.ones(len(matrix)),
        periods=(30, 60, 90),
        grace_days=0,
        params=params,
        progress=lambda *_: None,
    )
    return training, matrix.loc[matrix["as_of"] == matrix["as_of"].max()].reset_index(drop=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield Home(tmp_path_factory.mktemp("home"))


def logged(trained, home, params, *, register):
    training, latest = trained
    lineage = Lineage(data="d1", code="c1", params=params.fingerprint, as_of=UNTIL)
    gate = training.judged(params)
    card = card_of(training, gate, recent(latest), REPORT, lineage, params)
    return tracking.log_training(training, gate, latest, home=home, lineage=lineage, params=params, register=register, card=card)


@pytest.fixture(scope="module")
def versions(trained, home, params):
    """Three registered versions of the same training."""
    return [logged(trained, home, params, register=True).version for _ in range(3)]


def test_an_empty_registry_has_no_champion(tmp_path):
    assert tracking.champion(Home(tmp_path)) is None


def test_a_run_keeps_settings_numbers_pictures_and_where_it_came_from(trained, home, params):
    run_id = logged(trained, home, params, register=False).run_id
    run = mlflow.get_run(run_id)
    files = {each.path for each in mlflow.MlflowClient().list_artifacts(run_id)}
    assert run.data.params["label.grace_days"] == "30"
    assert run.data.metrics["model.auc.low"] < run.data.metrics["model.auc"] <= 1
    assert {run.data.tags[name] for name in ("data", "code", "as_of")} == {"d1", "c1", "2022-07-01"}
    assert {"shap_beeswarm.png", "shap_waterfall_riskiest_account.png", "reliability.png", "gate.txt"} <= files
    assert {"card.json", "card.en.html", "card.es.html"} <= files


def test_the_pages_are_handed_the_card_of_the_champion_and_none_before_there_is_one(trained, params, tmp_path):
    own = Home(tmp_path)
    card = champion_card(own)
    assert card() is None
    version = logged(trained, own, params, register=True).version
    assert card() is None
    tracking.promote(own, version, "ana", "good")
    found = card()
    assert found.until == UNTIL
    assert found.measured[0].metrics["model"]["auc"].value == trained[0].evaluation.value("model", "auc")
    assert found.swarm
    assert len(found.families) == 1
    assert card() is found


def test_a_run_without_register_makes_no_version(trained, home, params):
    assert logged(trained, home, params, register=False).version is None


def test_the_newest_registered_version_is_the_challenger(versions, home):
    with tracking.client.registry(home) as client:
        assert str(client.get_model_version_by_alias("tenure", "challenger").version) == versions[-1]


def test_the_model_comes_back_as_it_was(trained, versions, home):
    training, latest = trained
    again = tracking.load(home, versions[0])
    assert np.array_equal(again.margins(latest), training.model.margins(latest))


def test_nothing_of_the_model_is_a_pickle(versions, home):
    kinds = {path.suffix for path in home.artifacts.rglob("*") if path.is_file()}
    assert kinds >= {".json", ".txt", ".png"}
    assert kinds & {".pkl", ".pickle", ".joblib", ".cloudpickle", ".skops"} == set()


def test_a_home_leaves_no_address_behind_for_the_next_one(versions, home, tmp_path):
    assert Home(tmp_path).tracks_itself


def test_an_unknown_version_is_refused_with_those_there_are(versions, home):
    with pytest.raises(BadInput, match=r"No version '99' of the model tenure\. There are 1, 2, 3"):
        tracking.promote(home, "99", "ana", "best")


def test_the_champion_moves_by_promotion_and_back_by_rollback(versions, home, trained):
    first, second, third = versions
    assert tracking.promote(home, first, "ana", "the first").came_from is None
    assert tracking.promote(home, third, "gate", "better").came_from == first
    assert tracking.champion(home).version == third
    assert tracking.promote(home, third, "ana", "again") is None
    assert tracking.rollback(home, "bo", "odd scores").went_to == first
    assert tracking.champion(home).version == first
    with pytest.raises(BadInput, match="no earlier champion"):
        tracking.rollback(home, "bo", "once more")
    told = [(move.kind, move.went_to, move.by, move.reason) for move in tracking.moves(home)]
    assert told == [
        ("promote", first, "ana", "the first"),
        ("promote", third, "gate", "better"),
        ("rollback", first, "bo", "odd scores"),
    ]
    assert second not in {move.went_to for move in tracking.moves(home)}


def test_mlflow_itself_can_load_and_ask_the_champion(versions, home, trained):
    _, latest = trained
    tracking.promote(home, versions[1], "ana", "to be loaded")
    found = mlflow.pyfunc.load_model("models:/tenure@champion").predict(latest)
    assert list(found) == ["p_churn_30d", "p_churn_90d", "p_churn_180d", "p_churn_365d"]
    assert found["p_churn_30d"].between(0, 1).all()
    assert found["p_churn_365d"].isna().all()


def test_mlflow_refuses_a_matrix_without_a_signal_of_the_model(versions, home, trained):
    _, latest = trained
    tracking.promote(home, versions[1], "ana", "to be loaded")
    with pytest.raises(mlflow.exceptions.MlflowException, match="quiet_days"):
        mlflow.pyfunc.load_model("models:/tenure@champion").predict(latest.drop(columns="quiet_days"))


@pytest.mark.parametrize(("by", "reason", "option"), [("", "better", "--by"), (" ", "better", "--by"), ("ana", " ", "--reason")])
def test_the_champion_is_not_moved_by_nobody_or_for_no_reason(versions, home, by, reason, option):
    with pytest.raises(BadInput, match=f"{option} is .*Write"):
        tracking.promote(home, versions[0], by, reason)
    if option == "--by":
        with pytest.raises(BadInput, match="--by is"):
            tracking.rollback(home, by, reason)


def test_a_tracking_server_that_is_gone_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    with pytest.raises(BadInput, match=r"http://127\.0\.0\.1:9 does not answer"):
        tracking.champion(Home(tmp_path))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("garbage://x", "kept at garbage://x: .*unsupported URI"),
        ("sqlite:////dev/null/no/runs.db", "runs.db: .*Not a directory"),
        ("sqlite:///{folder}/words.txt", "file is not a database"),
        ("postgresql+pg8000://me:hush@127.0.0.1:1/x", r"://me:\*\*\*@127\.0\.0\.1:1/x: Can't create a connection"),
        ("postgresql://me:hush@host:port/x", r"://me:\*\*\*@host:port/x"),
        ("mysql://me:hush@host/x", "its driver MySQLdb is not installed"),
    ],
)
def test_an_address_that_keeps_no_runs_is_named_with_the_reason(tmp_path, monkeypatch, address, told):
    (tmp_path / "words.txt").write_text("no database " * 200, encoding="utf-8")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address.format(folder=tmp_path))
    with pytest.raises(BadInput, match=f"{told}.*MLFLOW_TRACKING_URI") as caught:
        tracking.champion(Home(tmp_path))
    assert "hush" not in str(caught.value)


def test_a_home_whose_registry_is_no_database_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    (tmp_path / "mlflow.db").write_text("no database " * 200, encoding="utf-8")
    with pytest.raises(BadInput, match=r"mlflow\.db: file is not a database\. Restore mlflow\.db"):
        tracking.champion(Home(tmp_path))


def asked(home, address, statement):
    """Ask a database a statement while another run holds the lock of the home's own, as a verb does inside the registry."""
    engine = create_engine(address, connect_args={"timeout": 0}, poolclass=NullPool)
    with tracking.client.registry(home), sqlite3.connect(home.path / "mlflow.db") as other:
        other.execute("BEGIN EXCLUSIVE")
        with engine.connect() as mine:
            mine.execute(text(statement))


def test_a_registry_that_another_run_locks_is_not_to_be_restored(versions, home):
    with pytest.raises(BadInput, match=r"database is locked\. Another run uses it; try again"):
        asked(home, home.tracking_uri, "CREATE TABLE more (id INTEGER)")


def test_a_lock_that_mlflow_wraps_is_told_like_any_other(versions, home):
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
    wrapped = mlflow.exceptions.MlflowException("(sqlite3.OperationalError) database is locked")
    wrapped.__cause__ = OperationalError("UPDATE runs", {}, locked)
    with pytest.raises(BadInput, match=r"database is locked\. Another run uses it"), tracking.client.registry(home):
        raise wrapped


def test_a_registry_in_a_place_nobody_can_open_is_not_to_be_restored(versions, home, tmp_path):
    with pytest.raises(BadInput, match=r"unable to open database file\. Give a --home you may write to"):
        asked(home, f"sqlite:///{tmp_path}/no/where.db", "SELECT 1")


def test_code_outside_git_is_unknown(tmp_path):
    assert code_version(tmp_path) == "unknown"


def test_a_version_that_the_gate_refused_keeps_who_overruled_what_and_why(trained, home, params, versions):
    training, latest = trained
    strict = params.model_copy(update={"gate": params.gate.model_copy(update={"min_churned": 100_000})})
    gate = training.judged(strict)
    lineage = Lineage(data="d1", code="c1", params="p", as_of=UNTIL)
    card = card_of(training, gate, recent(latest), REPORT, lineage, params)
    refused = tracking.log_training(
        training, gate, latest, home=home, lineage=lineage, params=params, register=True, card=card
    ).version
    move = tracking.promote(home, refused, "Ana Ruiz", "the only one that reads the new source")
    assert "100000 are needed" in move.overrules
    assert tracking.moves(home)[-1] == move
    with tracking.client.registry(home) as client:
        version = client.get_model_version("tenure", refused)
    assert version.tags["gate"] == "refused"
    assert version.tags["override_by"] == "Ana Ruiz"
    assert version.tags["override_reason"] == "the only one that reads the new source"
    assert version.description.startswith("Promoted against the gate by Ana Ruiz: the only one")
