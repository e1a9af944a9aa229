import json
import socket
from shutil import copy

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipelines.cli import app

DAY = "2026-07-01"


@pytest.fixture(scope="module")
def call(tmp_path_factory, settings):
    """Calls a verb in one home and returns exit code, stdout and stderr."""
    home = tmp_path_factory.mktemp("home")

    def called(*args, home=home, params=settings):
        words = [*map(str, args), "--home", str(home), "--params", str(params)]
        return CliRunner().invoke(app, words)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("MLFLOW_TRACKING_URI", "TENURE_DATABASE_URL", "TENURE_SINK_URL", "TENURE_TRACEBACK"):
            patch.delenv(name, raising=False)
        yield called


@pytest.fixture(scope="module")
def trained(call, tables):
    return call("train", tables, "--until", DAY, "--register", "--json")


@pytest.fixture(scope="module")
def scores(call, tables, trained, tmp_path_factory):
    out = tmp_path_factory.mktemp("scores") / "day"
    result = call("score", tables, "--as-of", DAY, "--out", out)
    assert result.exit_code == 0, result.stderr
    return out


def test_nothing_is_scored_without_a_champion(call, tables, tmp_path):
    result = call("score", tables, "--as-of", DAY, "--out", tmp_path / "none", home=tmp_path / "new")
    assert result.exit_code == 2
    assert "There is no champion" in result.stderr
    assert "tenure train" in result.stderr


def test_check_counts_by_table(call, tables):
    result = call("check", tables, "--json")
    assert result.exit_code == 0
    found = {table["name"]: table for table in json.loads(result.stdout)["tables"]}
    assert found["accounts"]["read"] == found["accounts"]["accepted"] == 150


def test_too_many_rejected_rows_exit_1_and_are_kept(call, tables, tmp_path):
    for name in ("subscriptions", "renewals"):
        copy(tables / f"{name}.csv", tmp_path)
    accounts = pd.read_csv(tables / "accounts.csv")
    wrong = accounts.head(20).assign(created_at="some day")
    pd.concat([accounts, wrong]).to_csv(tmp_path / "accounts.csv", index=False)
    result = call("check", tmp_path, home=tmp_path / "home")
    assert result.exit_code == 1
    assert "rows of accounts were rejected" in result.stderr
    assert len(pd.read_parquet(tmp_path / "home" / "rejects" / "accounts.parquet")) == 20


def test_what_was_rejected_is_told_wherever_tables_are_read(call, tables, tmp_path):
    for table in tables.iterdir():
        copy(table, tmp_path)
    accounts = pd.read_csv(tables / "accounts.csv")
    accounts.assign(created_at=accounts["created_at"].where(accounts.index >= 20, "some day")).to_csv(
        tmp_path / "accounts.csv", index=False
    )
    result = call("features", tmp_path, "--as-of", DAY, "--out", tmp_path / "f.parquet")
    assert result.exit_code == 1
    assert "rejected rows, not used: 20 of accounts" in result.stdout
    assert "were rejected; they are in" in result.stderr
    found = json.loads(call("features", tmp_path, "--as-of", DAY, "--out", tmp_path / "f.parquet", "--json").stdout)
    assert found["rejected"]["accounts"] == 20


def test_a_day_on_which_nobody_can_be_scored_is_not_published(call, tables, scores, tmp_path):
    late = call("score", tables, "--as-of", "2031-01-01", "--out", tmp_path)
    assert late.exit_code == 1
    assert "No account could be scored at 2031-01-01" in late.stderr
    assert "published" not in late.stdout
    account = pd.read_parquet(scores / "assessments.parquet")["account_id"].iloc[0]
    assert call("explain", account, "--as-of", "2031-01-01").exit_code == 2


def test_a_day_without_anybody_alive_is_named(call, tables, tmp_path):
    result = call("features", tables, "--as-of", "2001-01-01", "--out", tmp_path / "f.parquet")
    assert (result.exit_code, pd.read_parquet(tmp_path / "f.parquet").empty) == (0, True)
    assert "nobody was alive on 2001-01-01" in result.stdout


def test_a_horizon_beyond_the_champions_last_period_is_refused(call, tables, scores, tmp_path):
    far = tmp_path / "far.yaml"
    far.write_text("decision: {horizon_days: 400}\n", encoding="utf-8")
    result = call("score", tables, "--as-of", DAY, "--out", tmp_path, params=far)
    assert result.exit_code == 2
    assert "ends at day 365" in result.stderr


@pytest.mark.parametrize("missing", ["accounts", "subscriptions", "renewals"])
def test_a_missing_required_table_is_named(call, tables, tmp_path, missing):
    for name in {"accounts", "subscriptions", "renewals"} - {missing}:
        copy(tables / f"{name}.csv", tmp_path)
    result = call("check", tmp_path)
    assert result.exit_code == 2
    assert missing in result.stderr
    assert "Traceback" not in result.output


def test_missing_accounts_are_named_when_the_other_tables_were_checked_before_and_had_rejected_rows(call, tables, tmp_path):
    for table in tables.glob("*.csv"):
        copy(table, tmp_path)
    renewals = pd.read_csv(tmp_path / "renewals.csv", dtype=str)
    stray = renewals.head(1).assign(account_id="nobody")
    pd.concat([renewals, stray]).to_csv(tmp_path / "renewals.csv", index=False)
    assert "1 of renewals" in call("check", tmp_path).output
    (tmp_path / "accounts.csv").unlink()
    result = call("check", tmp_path)
    assert result.exit_code == 2
    assert "table accounts is missing" in result.stderr


def test_features_are_asked_for_by_day_or_by_until(call, tables, tmp_path):
    out = tmp_path / "f.parquet"
    assert call("features", tables, "--out", out).exit_code == 2
    assert call("features", tables, "--out", out, "--as-of", DAY, "--until", DAY).exit_code == 2
    made = call("features", tables, "--out", out, "--as-of", DAY)
    assert made.exit_code == 0
    assert set(pd.read_parquet(out)["as_of"].dt.strftime("%Y-%m-%d")) == {DAY}
    assert (tmp_path / "f.coverage.parquet").exists()
    assert f"who is covered since when in {tmp_path / 'f.coverage.parquet'}" in made.stdout


@pytest.mark.parametrize("out", ["{tmp}/folder", "/proc/f.parquet"])
def test_a_place_that_cannot_be_written_is_named(call, tables, tmp_path, out):
    (tmp_path / "folder").mkdir()
    result = call("features", tables, "--out", out.format(tmp=tmp_path), "--as-of", DAY)
    assert result.exit_code == 2
    assert out.format(tmp=tmp_path) in result.stderr
    assert "None:" not in result.stderr


@pytest.mark.parametrize("setting", ["training: {min_churned: 100000}", "snapshots: {history_months: 6}"])
def test_data_that_ended_long_before_until_is_told_with_its_last_day(tables, tmp_path, setting):
    (tmp_path / "mine.yaml").write_text(setting, encoding="utf-8")
    words = ["train", tables, "--until", "2030-01-01", "--home", tmp_path, "--params", tmp_path / "mine.yaml"]
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 2
    assert "the data ends on 2026-06-" in result.stderr
    assert "long before 2030-01-01. Give an --until soon after" in result.stderr


def test_the_first_candidate_that_passes_becomes_champion(trained):
    assert trained.exit_code == 0, trained.stderr
    found = json.loads(trained.stdout)
    assert found["promoted"]
    assert found["champion"] == found["version"] == "1"
    assert 0 < found["metrics"]["model"]["auc"] <= 1


def test_a_refused_candidate_exits_1_and_says_why(call, tables, trained, tmp_path):
    strict = tmp_path / "strict.yaml"
    strict.write_text(
        "gate: {min_churned: 100000}\ntraining: {max_rounds: 10, first_rounds: 5}\nevaluation: {origins: 1}", "utf-8"
    )
    words = ["train", tables, "--until", DAY, "--register", "--home", tmp_path, "--params", strict]
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 1
    assert "The gate refused version 1, there is no champion yet" in result.stderr
    assert "100000 are needed" in result.stderr


def test_a_score_lists_every_account_and_is_published(call, scores):
    table = pd.read_parquet(scores / "assessments.parquet")
    scored = table.loc[table["status"] == "scored"]
    assert len(scored) > 20
    assert scored["p_churn_90d"].between(0, 1).all()
    result = call("explain", scored["account_id"].iloc[0], "--as-of", DAY, "--lang", "es", "--json")
    assert json.loads(result.stdout)["account_id"] == scored["account_id"].iloc[0]


def test_an_unknown_account_is_told(call, scores):
    result = call("explain", "nobody", "--as-of", DAY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nobody" in result.stderr


def test_a_second_delivery_writes_nothing(call, scores):
    assert "would be written" in call("deliver", scores, "--sink", "csv", "--dry-run").stdout
    first = json.loads(call("deliver", scores, "--sink", "csv", "--json").stdout)
    second = json.loads(call("deliver", scores, "--sink", "csv", "--json").stdout)
    assert first["planned"] == first["ok"] > 0
    assert (second["planned"], second["unchanged"]) == (0, first["ok"])


def test_a_delivery_says_where_its_rows_go(call, scores, tmp_path):
    place = ["--sink", "csv", "--out", tmp_path / "out", "--dry-run"]
    assert f"to the folder {tmp_path / 'out'}, a CSV file a day" in call("deliver", scores, *place).stdout
    assert json.loads(call("deliver", scores, *place, "--json").stdout)["target"] == str(tmp_path / "out")


def test_a_database_is_named_without_its_password_and_the_store_when_nobody_named_one(call, scores, tmp_path, monkeypatch):
    own = call("deliver", scores, "--sink", "sql", "--dry-run", home=tmp_path).stdout
    assert f"to the table tenure_risk of sqlite:///{tmp_path}/store.db (tenure's own store" in own
    monkeypatch.setenv("TENURE_SINK_URL", "postgresql://me:hush@127.0.0.1:1/crm")
    for form in ([], ["--json"]):
        told = call("deliver", scores, "--sink", "sql", "--dry-run", *form, home=tmp_path).stdout
        assert "tenure_risk of postgresql://me:***@127.0.0.1:1/crm" in told
        assert "own store" not in told


def test_an_unknown_sink_is_told_with_those_there_are(call, scores):
    result = call("deliver", scores, "--sink", "pigeon")
    assert result.exit_code == 2
    assert "csv, sql" in result.stderr


def test_serve_says_its_address_as_one_document_before_it_serves(call, monkeypatch):
    served = []
    monkeypatch.setattr("uvicorn.run", lambda _app, **where: served.append(where["port"]))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    result = call("serve", "--port", port, "--json")
    assert json.loads(result.stdout) == {"url": f"http://127.0.0.1:{port}"}
    assert served == [port]
    assert "stop with Ctrl-C" in call("serve", "--port", port).stdout


def test_promote_and_rollback_move_the_champion(call, trained):
    assert json.loads(call("promote", "1", "--by", "ana", "--reason", "x", "--json").stdout)["moved"] is False
    result = call("rollback")
    assert result.exit_code == 2
    assert "no earlier champion" in result.stderr


def test_a_folder_where_texts_should_be_is_told(call, tmp_path):
    result = call("text", tmp_path, "--out", tmp_path / "read.csv")
    assert result.exit_code == 2
    assert f"{tmp_path} is a folder. Give a CSV" in result.stderr


def test_texts_are_read_from_a_csv(call, tmp_path):
    (tmp_path / "notes.csv").write_text("id,text\n1,We are cancelling our contract\n2,\n", encoding="utf-8")
    assert call("text", tmp_path / "notes.csv", "--out", tmp_path / "read.csv").exit_code == 0
    read = pd.read_csv(tmp_path / "read.csv")
    assert list(read["id"]) == [1, 2]
    assert read["cancellation"].iloc[0] >= 0.5
