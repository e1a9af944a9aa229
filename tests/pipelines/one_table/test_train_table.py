import json
import re
from datetime import date
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.home import Home
from pipelines.one_table.result import COLUMNS, PUSHES
from serving.table_card.facts import LabelFact, TimeFact, read

QUICK = """
training: {max_rounds: 60, first_rounds: 30, patience_rounds: 8, learning_rate: 0.1, seeds: 1}
evaluation: {bootstrap: 60, null_draws: 20}
table: {folds: 3, repeats: 1, inner_folds: 2, drivers: 2, explained_rows: 150}
gate: {permutations: 1}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with settings, an honest table of 1,000 customers (ten not decided) and one that tells the answer."""
    folder = tmp_path_factory.mktemp("table")
    rng = np.random.default_rng(4)
    use, plan = rng.normal(size=1000), rng.choice(["A", "B"], 1000)
    left = rng.random(1000) < 1 / (1 + np.exp(1 + 1.6 * use - 1.2 * (plan == "B")))
    words = np.where(left, "yes", "no").astype(object)
    words[:10] = None
    frame = pd.DataFrame({"id": [f"C-{n}" for n in range(1000)], "use": use.round(3), "plan": plan, "left": words})
    frame.to_csv(folder / "customers.csv", index=False)
    frame.assign(why_lost=np.where(left, "price", "")).to_csv(folder / "leaky.csv", index=False)
    (folder / "quick.yaml").write_text(QUICK)
    return folder


@pytest.fixture(scope="module")
def call(place):
    def called(*words):
        options = ["--home", place / "home", "--params", place / "quick.yaml", "--json"]
        return CliRunner().invoke(app, [str(each) for each in ("train-table", *words, *options)])

    with pytest.MonkeyPatch.context() as patch:
        for name in ("TENURE_HOME", "MLFLOW_TRACKING_URI", "TENURE_TRACEBACK"):
            patch.delenv(name, raising=False)
        yield called


@pytest.fixture(scope="module")
def done(call, place):
    result = call(place / "customers.csv", "--label", "left")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_an_honest_table_exits_0_and_says_what_it_learned(done):
    assert (done["rows"], done["to_score"]) == (990, 10)
    assert done["gate"]["passed"]
    assert done["columns"][0]["column"] == "use"
    assert any("column id is different in every row" in note for note in done["notes"])


def test_every_row_is_in_the_predictions_and_sums(done):
    out = Path(done["out"])
    predictions, pushes = (pd.read_parquet(out / f"{name}.parquet") for name in ("predictions", "pushes"))
    assert predictions["row"].tolist() == list(range(1, 1001))
    assert predictions["p_out_of_fold"].isna().sum() == 10
    assert tuple(pushes.columns) == PUSHES
    assert set(predictions.columns) < set(COLUMNS)
    total = pushes.groupby("row")["push"].sum() + predictions.set_index("row")["base"].dropna()
    assert len(total) == 150
    assert np.abs(total - predictions.set_index("row")["margin"].reindex(total.index)).max() < 1e-6


def test_undecided_rows_are_explained_first_and_then_those_most_at_risk(done):
    found = pd.read_parquet(Path(done["out"]) / "predictions.parquet")
    explained = found["base"].notna()
    assert explained[:10].all()
    assert found.loc[explained & found["churned"].notna(), "p_churn"].min() >= found.loc[~explained, "p_churn"].max()


def test_a_driver_is_a_column_that_raises_the_risk(done):
    found = pd.read_parquet(Path(done["out"]) / "predictions.parquet")
    pushes = pd.read_parquet(Path(done["out"]) / "pushes.parquet").set_index(["row", "column"])["push"]
    named = found.dropna(subset=["driver_1"])
    assert len(named)
    assert all(pushes[row, column] > 0 for row, column in zip(named["row"], named["driver_1"], strict=True))


def test_the_run_is_logged_with_its_files_and_a_model_that_scores(done, place):
    mlflow.set_tracking_uri(Home(place / "home").tracking_uri)
    client = mlflow.MlflowClient()
    run = client.get_run(done["run_id"])
    assert run.data.metrics["model.auc"] == pytest.approx(done["metrics"]["model"]["auc"][0])
    assert run.data.params["asked.label"] == "left"
    logged = {each.path for each in client.list_artifacts(done["run_id"])}
    assert {"report.txt", "report.es.txt", "metrics.csv", "card.json", "card.en.html", "card.es.html"} <= logged
    assert not {"predictions.parquet", "pushes.parquet"} & logged  # they hold cells of the table
    served = mlflow.pyfunc.load_model(f"runs:/{done['run_id']}/model")
    scored = served.predict(pd.read_csv(place / "customers.csv")[["use", "plan"]])
    found = pd.read_parquet(Path(done["out"]) / "predictions.parquet")
    assert np.allclose(scored["p_churn"], found["p_churn"])


def test_the_model_card_is_written_in_both_languages_and_told(done, place):
    out = Path(done["out"])
    assert done["card"] == {language: str(out / f"card.{language}.html") for language in ("en", "es")}
    english, spanish = (Path(done["card"][language]).read_text() for language in ("en", "es"))
    assert "Model card of a table" in english
    assert "Ficha del modelo de una tabla" in spanish
    assert english.count("<svg") == spanish.count("<svg") == 3
    assert f"Model card: {out / 'card.en.html'}" in (out / "report.txt").read_text()
    assert f"Ficha del modelo: {out / 'card.es.html'}" in (out / "report.es.txt").read_text()


def test_the_card_holds_what_was_measured_and_no_cell_of_a_customer(done):
    out = Path(done["out"])
    card = read(out / "card.json")
    assert (card.file, card.label, card.rows, card.to_score) == ("customers.csv", LabelFact("left", None), 990, 10)
    auc = card.metrics["model"]["auc"]
    assert [auc.value, auc.low, auc.high] == done["metrics"]["model"]["auc"]
    assert [(each.name, each.push) for each in card.columns] == [
        (each["column"], pytest.approx(each["push"], abs=1e-6)) for each in done["columns"]
    ]
    assert [(each.name, each.why.en) for each in card.left_out] == [("id", "is different in every row, as an id is")]
    assert [each.en for each in card.data_notes] == ["10 rows without an outcome yet: not learned from, but scored and explained"]
    assert not any("column id" in each.en for each in card.training_notes)  # said once, among the columns left out
    assert card.passed
    assert card.controls.random_auc is None
    assert not re.search(r"C-\d", (out / "card.json").read_text())


def test_days_and_groups_are_on_the_card(call, place, tmp_path):
    frame = pd.read_csv(place / "customers.csv").iloc[10:410]
    days = pd.date_range("2024-01-01", periods=400, freq="D")
    frame.assign(id=[f"C-{n // 2}" for n in range(400)], seen=days).to_parquet(tmp_path / "seen.parquet")
    asked = ("--label", "left", "--group", "id", "--time", "seen", "--label-days", 30, "--drop", "plan")
    told = json.loads(call(tmp_path / "seen.parquet", *asked, "--out", tmp_path / "out").stdout)
    card = read(tmp_path / "out" / "card.json")
    assert card.group.groups == 200
    assert card.time == TimeFact("seen", date(2024, 1, 1), date(2025, 2, 3), 30.0)
    assert card.controls.random_auc == told["split_gap"]["random_auc"]
    assert [(each.name, each.why) for each in card.left_out] == [("plan", None)]
    assert "Tested forward in time" in (tmp_path / "out" / "card.en.html").read_text()


def test_a_column_that_tells_the_answer_is_named_and_exits_1(call, place, tmp_path):
    result = call(place / "leaky.csv", "--label", "left", "--out", tmp_path)
    assert result.exit_code == 1
    assert "suspected leak: why_lost" in result.stderr
    assert "leave it out with --drop" in (tmp_path / "report.txt").read_text()


def test_the_report_is_written_in_both_languages(done):
    english, spanish = ((Path(done["out"]) / name).read_text() for name in ("report.txt", "report.es.txt"))
    assert english.startswith("Learned from 990 rows, ")
    assert spanish.startswith("Aprendido de 990 filas, de las que ")
    assert len(english.splitlines()) == len(spanish.splitlines())
    assert "nota: la columna id es distinta en cada fila, como un identificador: no se aprende de ella" in spanish
    assert not re.search(r"\b(the|rows|note|of|was)\b", spanish.partition("\nEscrito en ")[0])


def test_in_spanish_what_is_printed_and_what_fell_short_is_spanish(place, tmp_path):
    options = ["--label", "left", "--out", tmp_path, "--home", place / "home", "--params", place / "quick.yaml", "--lang", "es"]
    result = CliRunner().invoke(app, [str(each) for each in ("train-table", place / "leaky.csv", *options)])
    assert result.exit_code == 1
    assert result.stdout == (tmp_path / "report.es.txt").read_text()
    assert "El modelo no supera las comprobaciones: posible fuga: why_lost (AUC 1,000)" in result.stderr
    assert "--drop" in result.stderr


def test_of_rows_of_one_customer_it_says_what_a_random_split_would_have_claimed(call, place, tmp_path):
    frame = pd.read_csv(place / "customers.csv").iloc[:400]
    frame.assign(id=[f"C-{n // 2}" for n in range(400)]).to_csv(tmp_path / "twice.csv", index=False)
    told = json.loads(call(tmp_path / "twice.csv", "--label", "left", "--group", "id", "--out", tmp_path / "out").stdout)
    claimed = f"{told['split_gap']['random_auc']:.3f}"
    english, spanish = ((tmp_path / "out" / name).read_text() for name in ("report.txt", "report.es.txt"))
    assert re.search(rf"a random split of rows would have claimed( no more:)? AUC {claimed}", english)
    assert re.search(rf"una división aleatoria .* AUC de {claimed.replace('.', ',')}", spanish)


def test_rows_that_stand_alone_are_not_warned_of(done):
    assert done["split_gap"] is None
    assert "random split" not in (Path(done["out"]) / "report.txt").read_text()


def test_bad_input_exits_2_with_the_next_step(call, place):
    result = call(place / "customers.csv", "--label", "lef")
    assert result.exit_code == 2
    assert "did you mean 'left'?" in result.stderr
    assert call(place / "customers.csv", "--label", "plan").exit_code == 2


def test_too_few_that_left_exits_2(call, place, tmp_path):
    frame = pd.read_csv(place / "customers.csv")
    frame.assign(left=np.where(frame.index < 4, "yes", "no")).to_csv(tmp_path / "few.csv", index=False)
    result = call(tmp_path / "few.csv", "--label", "left")
    assert result.exit_code == 2
    assert "4 customers left" in result.stderr
