"""The plan to keep one account: problems with owners and dates, what to say, what they got, what may be offered."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from features.catalogue import catalogue
from serving import save_plan_text
from serving.practice import load_practice
from serving.remediation import load_problems, remediation
from serving.save_plan import save_plan
from serving.value_summary import load_value, value_summary
from serving.web.app import create_app
from serving.web.words import Words
from tests.serving.conftest import clock

AS_OF = date(2026, 3, 2)  # a Monday
NAMES = {signal.name for signal in catalogue()}
BUDGET_AS_SYMPTOM = {"value_reviews_365d": 0.0, "core_breadth_84d": 3 / 8, "tenure_days": 700.0, "goals_overdue": 2.0}


def rows(facts, chances=None, most=5):
    return remediation(facts, chances or {}, as_of=AS_OF, holidays=(), most=most)


def test_every_problem_and_every_fact_of_value_looks_at_signals_there_are_and_belongs_to_known_people_and_causes():
    practice = load_practice()
    for problem in load_problems():
        assert problem.measures() | problem.problem.places() <= NAMES, problem.id
        assert problem.problem.places() <= problem.measures(), problem.id
        assert problem.owner in practice.roles
        assert problem.family in practice.families
    assert len({each.id for each in load_problems()}) == len(load_problems())
    for fact in load_value().facts:
        assert fact.measures() | fact.say.places() <= NAMES, fact.id
    assert {each.measure for each in load_value().unknown} <= NAMES


def test_a_row_says_problem_cause_fix_owner_date_and_success():
    (row,) = rows({"repeat_topic_90d": 4.0})
    assert row.problem.en == "The same topic came back in 4 tickets within 90 days."
    assert (row.owner, row.due) == ("product_manager", date(2026, 3, 5))
    assert all((row.cause.es, row.fix.es, row.metric.es))


def test_deal_breakers_come_first_then_the_likeliest_cause_then_the_soonest_fix():
    facts = BUDGET_AS_SYMPTOM | {"seat_use_28d": 0.2, "unanswered_tickets_90d": 1.0, "single_threaded": 1.0}
    found = [row.id for row in rows(facts, {"value": 0.8, "stakeholders": 0.6, "support": 0.1})]
    assert found == ["value_never_reviewed", "goals_open", "tickets_unanswered", "core_unused", "one_contact"]


def test_what_is_done_or_unknown_is_no_problem():
    assert rows({}) == ()
    assert rows({"champion_left_days": 12.0, "champion_successor_met": 1.0}) == ()
    assert [row.id for row in rows({"champion_left_days": 12.0})] == ["champion_gone"]
    assert rows({"repeat_topic_90d": float("nan")}) == ()


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.floats(-1, 1e4), max_size=40), st.integers(1, 9))
def test_every_row_has_an_owner_a_date_ahead_and_no_open_place(facts, most):
    found = rows(facts, most=most)
    assert len(found) <= most
    for row in found:
        assert row.due >= AS_OF
        assert row.due.weekday() < 5
        assert not any("{" in text for text in (row.problem.en, row.problem.es))


def test_value_is_told_from_their_own_data_and_what_is_not_known_is_named():
    told = value_summary({"events_28d": 412.0, "core_unused": 5.0, "nps_last": 9.0})
    assert [text.en for text in told.wins] == [
        "They used the product 412 times in the last 28 days.",
        "They would recommend us: 9 out of 10 in the last survey.",
    ]
    assert told.open[0].es.startswith("Funciones principales que pagan y no usan: 5.")
    assert [text.en for text in told.unknown] == ["what goals they have", "whether the value was ever reviewed with them"]


def test_of_an_account_without_data_nothing_is_claimed():
    told = value_summary({})
    assert (told.wins, told.open) == ((), ())
    assert len(told.unknown) == len(load_value().unknown)


def test_the_conversation_opens_with_what_we_see_and_leaves_terms_out_without_a_price_driver(store, guide):
    account = store.account("A-001", None)
    plan = save_plan(account, guide.plays[account.plan.playbook], guide.concessions)
    titles = [part.title.en for part in plan.talk]
    assert titles[:4] == ["Open honestly", "Listen first", "Give each concern back", "Make an offer"]
    assert "Terms" not in titles
    assert plan.talk[0].facts[0].en.startswith("4 tickets about the same topic")
    assert plan.talk[2].facts == tuple(row.problem for row in plan.problems)
    assert plan.may_offer is None
    priced = account.model_copy(update={"plan": account.plan.model_copy(update={"price_driver": True})})
    plan = save_plan(priced, None, guide.concessions)
    assert "Terms" in [part.title.en for part in plan.talk]
    assert (plan.may_offer.percent_from, plan.may_offer.percent_to, plan.may_offer.approver) == (25, 30, "vp_cs")


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("To agree with", "Root cause:", "Call by")), ("es", ("Para acordar", "Causa"))]
)
def test_it_reads_in_both_languages_within_a_terminal(store, guide, language, words):
    account = store.account("A-001", None)
    text = save_plan_text.render(
        save_plan(account, guide.plays[account.plan.playbook], guide.concessions), guide, Words(language)
    )
    assert all(word in text for word in words)
    assert max(map(len, text.splitlines())) <= 100


def test_an_account_that_is_held_out_or_has_no_play_has_no_plan(store, guide):
    held = save_plan(store.account("A-003", None), None, guide.concessions)
    assert (held.playbook, held.problems, held.steps, held.talk, held.value) == (None, (), (), (), None)
    assert "nothing to plan" in save_plan_text.render(held, guide, Words("en"))


def test_the_api_answers_the_plan(store, guide):
    answer = TestClient(create_app(store, guide, clock)).get("/api/accounts/A-001/plan").json()
    assert answer["problems"][0]["id"] == "same_topic_again"
    assert answer["problems"][0]["problem"]["es"].startswith("El mismo tema")
    assert answer["value"]["unknown"]
