"""The thirteen cases of practice, from the tables to the play: history, signals, a trained model, triage, and the reasons given."""

import json

import pytest

from features.world.generate import World, generate, write
from pipelines import steps
from tests.pipelines.whole.conftest import AS_OF, VERSION, quiet, with_rows
from tests.pipelines.whole.thirteen import CASES, rows_of


@pytest.fixture(scope="module")
def batch(learned, home, params, tmp_path_factory):
    """The accounts of the cases beside those of the small world, scored by the model that the other tests share."""
    made = generate(100, 16, 5, params.world, [rival.name for rival in params.text.competitors])
    folder = tmp_path_factory.mktemp("thirteen")
    write(World(with_rows(made.tables, rows_of(CASES)), made.truth), folder / "tables")
    prepared = steps.prepare(str(folder / "tables"), "contract", home, params)
    return steps.score(prepared, AS_OF, folder / "scores", learned.training.model, VERSION, params, quiet)


def row_of(frame, case):
    return frame.loc[frame["account_id"] == case.books().account].iloc[0]


every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@every_case
def test_the_case_gets_the_play_and_the_effort_that_practice_gives_it(case, batch, params):
    row, plan = row_of(batch.assessments, case), row_of(batch.plans, case)
    found = (row["playbook"], row["effort_tier"], row["save_probability"], tuple(json.loads(plan["modifiers"])))
    assert found == (case.playbook, case.tier, params.triage.save_probability[case.save_band], case.modifiers)


@every_case
def test_the_reasons_are_given_in_both_languages(case, batch):
    reasons = json.loads(row_of(batch.plans, case)["reasons"])
    assert any(case.says in reason for reason in reasons["en"])
    assert len(reasons["es"]) == len(reasons["en"])
    assert not set(reasons["es"]) & set(reasons["en"])
