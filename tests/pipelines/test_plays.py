"""A company's own plays, from `tenure plays` to what is scored, shown and refused."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from serving.play import PLAYS_FOLDER

DAY = "2026-07-01"
SHIPPED = {path.stem for path in PLAYS_FOLDER.glob("*.yaml")}


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    """Calls a verb in one home."""
    home = tmp_path_factory.mktemp("home")

    def called(*args, params):
        return CliRunner().invoke(app, [*map(str, args), "--home", str(home), "--params", str(params)])

    with pytest.MonkeyPatch.context() as patch:
        for name in ("MLFLOW_TRACKING_URI", "TENURE_DATABASE_URL", "TENURE_SINK_URL", "TENURE_TRACEBACK"):
            patch.delenv(name, raising=False)
        yield called


@pytest.fixture
def ours(tmp_path, settings):
    """The settings of a company whose every play is called `Ours: …`."""
    folder = tmp_path / "ours"
    folder.mkdir()
    for name in SHIPPED:
        said = f"based_on: {name}\nname: {{en: 'Ours: {name}', es: 'Nuestro: {name}'}}\n"
        (folder / f"{name}.yaml").write_text(said, encoding="utf-8")
    path = tmp_path / "ours.yaml"
    path.write_text(
        settings.read_text(encoding="utf-8") + "\nplays: {folder: ours}\ntriage: {hour_cost: 0, mismatch_harm: 0}\n",
        encoding="utf-8",
    )
    return path


def test_the_plays_in_force_are_listed_with_where_they_come_from(call, settings, ours):
    assert {row["from"] for row in json.loads(call("plays", "--json", params=settings).stdout)["plays"]} == {"shipped"}
    found = call("plays", "--json", params=ours)
    assert found.exit_code == 0
    document = json.loads(found.stdout)
    assert {(row["id"], row["from"], row["name_es"]) for row in document["plays"]} == {
        (name, "edited", f"Nuestro: {name}") for name in SHIPPED
    }
    assert "12 plays in force, 12 of them from " in call("plays", params=ours).stdout


def test_mistakes_exit_1_and_a_wrong_folder_exits_2(call, settings, tmp_path):
    (tmp_path / "budget.yaml").write_text("based_on: budget\nnmae: x\n", encoding="utf-8")
    found = call("plays", tmp_path, "--json", params=settings)
    assert found.exit_code == 1
    document = json.loads(found.stdout)
    assert document["plays"] == []
    assert [line.split(": ")[:2] for line in document["mistakes"]] == [["budget.yaml", "nmae"]]
    assert "before its mistake is corrected" in document["refused"]
    none = call("plays", tmp_path / "none", params=settings)
    assert (none.exit_code, "is no folder" in none.stderr) == (2, True)


def test_scores_queue_page_and_delivery_use_the_plays_of_the_company(call, tables, ours, tmp_path):
    assert call("train", tables, "--until", DAY, "--register", params=ours).exit_code == 0
    scores = tmp_path / "scores"
    assert call("score", tables, "--as-of", DAY, "--out", scores, params=ours).exit_code == 0
    plans = pd.read_parquet(scores / "plans.parquet")
    first = plans.iloc[0]
    page = call("explain", first["account_id"], "--as-of", DAY, "--lang", "es", params=ours)
    assert f"Nuestro: {first['playbook']}" in page.stdout
    assert "Ours: " in call("queue", "--hours", 9000, params=ours).stdout
    assert call("deliver", scores, "--sink", "csv", params=ours).exit_code == 0


def test_a_mistake_stops_a_run_before_it_scores(call, tables, ours, tmp_path):
    (ours.parent / "ours" / "budget.yaml").write_text("based_on: budget\nnmae: x\n", encoding="utf-8")
    found = call("score", tables, "--as-of", DAY, "--out", tmp_path / "scores", params=ours)
    assert found.exit_code == 2
    assert "budget.yaml: nmae: is not a key that belongs here" in found.stderr
    assert not (tmp_path / "scores").exists()
