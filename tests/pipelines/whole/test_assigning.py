"""Arms over several days of scoring: drawn once, kept in the store, the same in the folder and on the page."""

from datetime import timedelta

import pandas as pd
import pytest

from pipelines import scoring, steps
from pipelines.home import Home
from tests.pipelines.whole.conftest import AS_OF, VERSION, quiet


@pytest.fixture(scope="module")
def days(prepared, learned, params, tmp_path_factory):
    """Two days a week apart, scored with a third held out; the folder of the second."""
    own = params.model_copy(update={"learning": params.learning.model_copy(update={"holdout_share": 0.34})})
    home, folder = Home(tmp_path_factory.mktemp("home")), tmp_path_factory.mktemp("scores")
    batches = []
    for day in (AS_OF, AS_OF + timedelta(days=7)):
        before = steps.experience(home, day, own)
        batch = steps.score(prepared, day, folder, learned.training.model, VERSION, own, quiet, experience=before)
        steps.publish(batch, home)
        batches.append(batch)
    return (*batches, folder, own)


def test_an_account_keeps_its_arm_while_its_episode_lasts_and_new_ones_are_drawn(days):
    first, second = (batch.assignments.loc[batch.assignments["eligible"]].set_index("account_id") for batch in days[:2])
    both = first.index.intersection(second.index)
    assert len(both) > 5
    assert second.loc[both, "arm"].tolist() == first.loc[both, "arm"].tolist()
    assert (second.loc[both, "began"] == pd.Timestamp(AS_OF)).all()
    assert 0 < (first["arm"] == "holdout").mean() < 0.7


def test_the_assessments_say_the_same_arm_and_a_held_out_account_keeps_its_play(days):
    batch = days[1]
    arms = batch.assessments.set_index("account_id")["arm"]
    log = batch.assignments.set_index("account_id")["arm"]
    assert arms[log.index].tolist() == log.tolist()
    assert batch.assessments.loc[batch.assessments["arm"] == "holdout", "playbook"].notna().all()


def test_the_folder_holds_the_log_and_reads_back_the_same(days):
    _, second, folder, own = days
    again = scoring.read(folder, own).assignments
    for column in ("account_id", "arm", "playbook", "first_playbook", "propensity", "stratum"):
        assert again[column].tolist() == second.assignments[column].tolist()
    assert again["began"].tolist() == second.assignments["began"].tolist()
