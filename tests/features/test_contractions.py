"""Which renewal for less comes next, as known on a day: the label of the second outcome."""

from datetime import date

import pandas as pd
import pytest

from features.labels import contractions, follow_up

UNTIL = date(2026, 1, 1)
FIRST, SECOND = "2025-06-01", "2026-06-01"


def term(sid="s", start="2024-06-01", end=FIRST, **columns):
    return {"subscription_id": sid, "account_id": "a", "started_at": start, "renews_at": end, "arr": 1000, **columns}


def outcome(kind, decided, renews=FIRST, **columns):
    return {"account_id": "a", "renews_at": renews, "decided_at": decided, "outcome": kind, **columns}


def after(history, *as_ofs, until=UNTIL):
    asked = pd.DataFrame({"account_id": "a", "as_of": pd.to_datetime(list(as_ofs))})
    return contractions(history, follow_up(history, asked, until, grace_days=30), until)


RENEWED = [term(), term("s2", FIRST, SECOND)]
LESS = outcome("contracted", "2025-05-10", arr_before=1000, arr_after=750)


def test_a_renewal_for_less_after_as_of_is_met_with_the_share_that_went(history_of):
    found = after(history_of(subscriptions=RENEWED, renewals=[LESS]), "2025-03-01").iloc[0]
    assert str(found["churned_at"].date()) == "2025-05-10"
    assert found["lost_share"] == pytest.approx(0.25)


def test_one_decided_before_as_of_is_over(history_of):
    found = after(history_of(subscriptions=RENEWED, renewals=[LESS]), "2025-05-11").iloc[0]
    assert pd.isna(found["churned_at"])
    assert pd.isna(found["lost_share"])


def test_one_learned_at_or_after_the_end_is_not_known(history_of):
    late = LESS | {"known_at": "2026-01-01"}
    assert pd.isna(after(history_of(subscriptions=RENEWED, renewals=[late]), "2025-03-01").iloc[0]["churned_at"])


@pytest.mark.parametrize("kind", ["renewed", "expanded"])
def test_renewed_as_it_was_or_for_more_is_none(history_of, kind):
    same = LESS | {"outcome": kind}
    assert pd.isna(after(history_of(subscriptions=RENEWED, renewals=[same]), "2025-03-01").iloc[0]["churned_at"])


def test_who_left_is_followed_until_then_and_cannot_reduce(history_of):
    left = outcome("churned", "2025-04-01")
    found = after(history_of(subscriptions=[term()], renewals=[left]), "2025-03-01").iloc[0]
    assert str(found["followed_until"].date()) == "2025-04-01"
    assert pd.isna(found["churned_at"])


@pytest.mark.parametrize(("before", "after_it"), [(None, 750), (1000, None), (0, 0), (700, 900)])
def test_without_amounts_that_say_so_the_share_is_missing_and_the_day_is_not(history_of, before, after_it):
    found = after(
        history_of(subscriptions=RENEWED, renewals=[LESS | {"arr_before": before, "arr_after": after_it}]), "2025-03-01"
    ).iloc[0]
    assert pd.notna(found["churned_at"])
    assert pd.isna(found["lost_share"])


def test_every_look_has_its_row_in_the_order_asked(history_of):
    found = after(history_of(subscriptions=RENEWED, renewals=[LESS]), "2025-08-01", "2025-03-01", "2025-05-01")
    assert found["as_of"].dt.month.tolist() == [8, 3, 5]
    assert found["churned_at"].notna().tolist() == [False, True, True]


def test_a_company_that_records_no_outcomes_has_none(history_of):
    assert after(history_of(subscriptions=RENEWED), "2025-03-01")["churned_at"].isna().all()
