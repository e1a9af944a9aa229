"""`tenure learn` on the small world: nothing is read that was learned later, and what is found reaches the pages."""

from datetime import date

import pandas as pd
import pytest

from features.world.generate import World, write
from pipelines import steps
from pipelines.company import Company
from pipelines.hand_over import learned
from pipelines.home import Home
from pipelines.learning import Beside, learn
from serving.learning.learned import read_learned
from serving.play import load_plays

DAY = date(2026, 7, 1)
ALONE = Beside(None, None, None, ())


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
