"""`tenure after` on the small world: everything listed is of an account that was saved or lost, and the API reads the list."""

from datetime import date, timedelta

import pandas as pd
import pytest

from features.errors import BadInput
from pipelines import hand_over
from pipelines.after import due_after, of, refresh
from pipelines.company import Company
from pipelines.hand_over import after_kept, guide
from pipelines.home import Home

DAY = date(2026, 7, 1)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def found(prepared, params, own):
    return due_after(Company(prepared, params), DAY, 60, own)


def test_whatever_is_due_is_of_an_account_that_was_saved_or_left(found, tables):
    tried, renewals = (pd.read_parquet(tables / f"{name}.parquet") for name in ("interventions", "renewals"))
    saved = set(tried.loc[tried["outcome"] == "saved", "account_id"])
    left = set(renewals.loc[renewals["outcome"] == "churned", "account_id"])
    assert {row.kind for row in found.rows} >= {"review", "win_back"}
    for row in found.rows:
        assert row.account_id in (saved if row.kind in {"promise", "review", "touch", "watch"} else left)
        assert row.since < DAY
        assert row.due < found.until


def test_the_list_is_kept_for_the_api_and_can_be_asked_for_one_csm(found, params, own):
    assert after_kept(own.after) == found == guide(params, own).after()
    name = found.rows[0].csm
    assert {row.csm for row in of(found, name).rows} == {name}
    with pytest.raises(BadInput, match="CSMs with something open"):
        of(found, "nobody")


def test_nobody_looks_a_thousand_years_ahead(prepared, params, tmp_path):
    with pytest.raises(BadInput, match="--days 365000 is too far ahead"):
        due_after(Company(prepared, params), DAY, 365_000, Home(tmp_path))


def test_before_anybody_is_known_nothing_is_said_to_be_due(prepared, params, tmp_path):
    with pytest.raises(BadInput, match=r"no account is known before 1990-01-01\. Give a later --as-of"):
        due_after(Company(prepared, params), date(1990, 1, 1), None, Home(tmp_path))


def test_a_scored_day_refreshes_the_list_unless_a_later_one_is_published(prepared, params, scored, tmp_path):
    company, home, earlier = Company(prepared, params), Home(tmp_path), scored.batch.as_of - timedelta(days=30)
    refresh(company, earlier, home)
    assert after_kept(home.after).as_of == earlier
    assert hand_over.publish(scored.batch, home) == ""
    refresh(company, scored.batch.as_of, home)
    refresh(company, earlier, home)
    assert after_kept(home.after).as_of == scored.batch.as_of


def test_a_damaged_list_is_told_and_none_is_none(tmp_path):
    assert after_kept(tmp_path / "after.json") is None
    (tmp_path / "after.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="Run it again"):
        after_kept(tmp_path / "after.json")
