"""`tenure learn` on the small world: nothing is read that was learned later, and what is found reaches the pages."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from features.errors import BadInput
from features.world.generate import World, write
from pipelines import steps
from pipelines.company import Company
from pipelines.earlier_scores import LOGGED, Beside, logged_scores
from pipelines.hand_over import guide, learned
from pipelines.home import Home
from pipelines.learning import learn
from serving.feedback import Feedback
from serving.learned_text import render
from serving.learning.learned import read_learned
from serving.learning.log import no_assignments
from serving.play import load_plays
from serving.web.words import Words

DAY = date(2026, 7, 1)
ALONE = Beside(None, None, no_assignments(), None, ())


def quiet(*_):
    """Nobody watches."""


@pytest.fixture(scope="module")
def found(prepared, params):
    return learn(Company(prepared, params), DAY, load_plays(), ALONE, quiet)


def test_every_assignment_is_counted_once(found, tables):
    rows = pd.read_parquet(tables / "interventions.parquet")
    assert found.assignments == len(rows) > 20
    assert sum(each.treated + each.holdout for each in found.effects) == found.assignments - found.not_over - found.unfit
    assert found.not_over > 0
    whole = found.programme[0]
    assert (whole.by, whole.assigned, whole.attempted) == ("all", len(rows), int(rows["started_at"].notna().sum()))


def test_of_a_small_company_nothing_is_said(found):
    assert {each.too_few for each in found.effects} == {True}
    assert found.adjusted_by == "rule score"


def test_the_portfolio_is_that_of_the_last_year(found, tables):
    assert (found.portfolio.since, found.portfolio.until) == (date(2025, 7, 1), DAY)
    assert 0.5 < found.portfolio.grr <= min(found.portfolio.nrr, 1)
    assert 0 < found.portfolio.logo_churn < 0.5


def test_rows_learned_on_the_day_or_later_change_nothing(tables, params, tmp_path, prepared):
    day = date(2026, 3, 1)
    then = learn(Company(prepared, params), day, load_plays(), ALONE, quiet)
    kept = {path.stem: pd.read_parquet(path) for path in tables.glob("*.parquet")}
    later = pd.Timestamp(day, tz="UTC")
    earlier = {name: frame.loc[frame["known_at"] < later] for name, frame in kept.items()}
    write(World(earlier, {}), tmp_path / "then")
    alone = steps.prepare(str(tmp_path / "then"), "contract", Home(tmp_path / "home"), params)
    assert learn(Company(alone, params), day, load_plays(), ALONE, quiet) == then


def test_what_was_learned_is_written_where_the_pages_read_it(prepared, params, tmp_path):
    home = Home(tmp_path / "home")
    assert learned(home) is None
    found, file = steps.learn(prepared, DAY, None, home, params, quiet)
    assert file == home.path / "learned.json"
    assert learned(home) == found
    steps.learn(prepared, DAY, tmp_path / "own" / "found.json", home, params, quiet)
    assert read_learned(tmp_path / "own" / "found.json") == found


def test_what_was_logged_when_they_were_assigned_steadies_the_effects_where_most_were(prepared, params, tables):
    rows = pd.read_parquet(tables / "interventions.parquet")
    log = pd.DataFrame(
        {"account_id": rows["account_id"], "as_of": rows["assigned_at"].dt.tz_localize(None).dt.floor("D"), "probability": 0.3}
    )
    found = learn(Company(prepared, params), DAY, load_plays(), Beside(None, None, log, None, ()), quiet)
    assert found.adjusted_by == LOGGED


def test_a_logged_score_counts_from_its_day_on_for_a_month_and_the_newest_wins():
    trials = pd.DataFrame(
        {"account_id": "a", "assigned_at": pd.to_datetime(["2025-02-28", "2025-03-01", "2025-03-10", "2025-04-02"])},
        index=[7, 5, 3, 1],
    )
    log = pd.DataFrame(
        {"account_id": "a", "as_of": [date(2025, 3, 1), date(2025, 3, 10), date(2024, 1, 1)], "probability": [0.1, 0.2, 0.9]}
    )
    found = logged_scores(trials, log)
    assert found.index.tolist() == [7, 5, 3, 1]
    assert found.fillna(-1).tolist() == [-1, 0.1, 0.2, 0.2]
    assert logged_scores(trials, no_assignments()).isna().all()


def test_before_anybody_is_known_there_is_nothing_to_learn(prepared, params):
    with pytest.raises(BadInput, match=r"no account is known before 1990-01-01\. Give a later --until"):
        learn(Company(prepared, params), date(1990, 1, 1), load_plays(), ALONE, quiet)


def test_a_company_that_records_no_assignments_learns_of_its_portfolio_alone(tables, params, tmp_path):
    kept = {name: pd.read_parquet(tables / f"{name}.parquet") for name in ("accounts", "subscriptions", "renewals")}
    write(World(kept, {}), tmp_path / "three")
    alone = steps.prepare(str(tmp_path / "three"), "contract", Home(tmp_path / "home"), params)
    found = learn(Company(alone, params), DAY, load_plays(), ALONE, quiet)
    assert (found.assignments, found.effects, found.save_rates, found.programme, found.discounted) == (0, (), (), (), ())
    assert found.portfolio.accounts > 50
    told = render(found, guide(params, Home(tmp_path / "home")), Words("en"))
    assert "no effect can be measured" in told
    assert "NRR" in told


def test_what_people_said_is_held_against_what_the_accounts_did(prepared, params, tables):
    renewals = pd.read_parquet(tables / "renewals.parquet")
    gone = renewals.loc[(renewals["outcome"] == "churned") & renewals["reason"].notna()].sort_values("decided_at").iloc[0]
    day = (gone["decided_at"] - pd.Timedelta(days=20)).date()
    kept = {
        "by": "ana",
        "account_id": gone["account_id"],
        "as_of": day,
        "said_at": datetime(day.year, day.month, day.day, tzinfo=UTC),
    }
    then = {"model_probability": 0.1, "model_band": "medium", "model_drivers": ()}
    higher = Feedback(**kept, **then, kind="override", risk_band="critical", expires_on=day, reason="they told me")
    later = higher.model_copy(update={"said_at": datetime(2026, 7, 1, tzinfo=UTC)})
    stranger = higher.model_copy(update={"account_id": "nobody"})
    beside = Beside(None, None, no_assignments(), None, (), said=(higher, later, stranger))
    found = learn(Company(prepared, params), DAY, load_plays(), beside, quiet).who_was_right
    assert (found.overrides.said, found.overrides.person, found.overrides.open) == (1, 1, 0)
    assert (found.overrides.accounts, found.overrides.left, found.overrides.too_few) == (1, 1, True)
    assert learn(Company(prepared, params), DAY, load_plays(), ALONE, quiet).who_was_right is None
