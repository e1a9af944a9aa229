"""The thirteen cases of practice, read as a good CS leader reads them: play, modifiers, tier, and reasons in both languages."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml

from serving.choosing import Driver
from serving.matching import AccountView, suggest
from serving.params import TriageParams
from serving.play import load_plays
from serving.triage import triage_account

PARAMS = TriageParams.model_validate(yaml.safe_load(Path("params.yaml").read_text())["triage"])
PLAYS = load_plays()


def account(arr=20_000.0, days=150.0, tenure=500.0, p=0.3, drivers=(), strategic=False, status="scored", **signals):
    """An account of which nothing is known but what is given."""
    band = None if p is None else "critical" if p >= 0.35 else "medium"
    verdict = triage_account(
        signals=signals,
        arr=arr,
        strategic=strategic,
        days_to_renewal=days,
        p_churn=p,
        risk_band=band,
        params=PARAMS,
    )
    return AccountView(
        account_id="a",
        p_churn=p,
        risk_band=band,
        arr=arr,
        strategic=strategic,
        days_to_renewal=days,
        tenure_days=tenure,
        drivers=tuple(Driver(*each) for each in drivers),
        signals=signals,
        status=status,
        triage=verdict,
    )


@dataclass(frozen=True)
class Case:
    name: str
    view: AccountView
    save_band: str
    playbook: str
    tier: str
    modifiers: tuple[str, ...] = ()
    says: str = ""


ENGAGED = {"events_28d": 400, "days_since_use": 1, "core_breadth_84d": 0.75, "seat_use_28d": 0.85, "usage_change_28d": 0.0}
DELEGATED = {
    "events_28d": 30,
    "days_since_use": 4,
    "core_breadth_84d": 0.2,
    "seat_use_28d": 0.3,
    "value_reviews_365d": 0,
    "onboarding_steps_done_share": 0.4,
    "onboarding_overdue_steps": 3,
    "bugs_90d": 0,
}
SILENT = {
    "events_28d": 0,
    "days_since_use": 35,
    "usage_change_28d": -1.0,
    "core_breadth_84d": 0.6,
    "tickets_90d": 0,
    "value_reviews_365d": 0,
}

CASES = [
    Case(
        "1 the delegating leader",
        account(60_000.0, 210.0, 70.0, drivers=[("onboarding", 0.6, True), ("usage", 0.4, True)], **DELEGATED),
        "high",
        "onboarding_rescue",
        "full",
        says="first 90 days",
    ),
    Case(
        "1 the delegating leader, after day 90",
        account(60_000.0, 180.0, 100.0, drivers=[("onboarding", 0.6, True), ("usage", 0.4, True)], **DELEGATED),
        "high",
        "value_roi",
        "full",
        says="No value review",
    ),
    Case(
        "2 the silent stop",
        account(40_000.0, 120.0, drivers=[("usage", 0.6, True)], **SILENT),
        "medium",
        "engagement_revival",
        "standard",
        says="without a word",
    ),
    Case(
        "2 the silent stop, after the call",
        account(40_000.0, 120.0, drivers=[("usage", 0.6, True)], **SILENT, product_issue_hits_90d=1),
        "medium",
        "product_issue",
        "standard",
        says="does not do what they need",
    ),
    Case(
        "3 budget as a symptom",
        account(
            30_000.0,
            80.0,
            drivers=[("budget", 0.6, True), ("value", 0.4, True)],
            budget_hits_90d=2,
            core_breadth_84d=3 / 8,
            seat_use_28d=0.7,
            value_reviews_365d=0,
            layoffs_180d=0,
            late_invoices_180d=0,
        ),
        "medium",
        "value_roi",
        "standard",
        says="no discount belongs",
    ),
    Case(
        "4 real budget",
        account(
            25_000.0,
            100.0,
            drivers=[("budget", 0.6, True)],
            **ENGAGED,
            budget_hits_90d=1,
            layoffs_180d=1,
            late_invoices_180d=2,
            value_reviews_365d=1,
        ),
        "medium",
        "budget",
        "standard",
        says="The limit is real",
    ),
    Case(
        "5 champion gone, one contact",
        account(
            45_000.0,
            75.0,
            drivers=[("stakeholders", 0.6, True)],
            **ENGAGED,
            champion_left_days=12,
            active_contacts_90d=1,
            single_threaded=1,
        ),
        "medium",
        "champion_exit",
        "standard",
        says="without a voice",
    ),
    Case(
        "6 champion gone, five contacts",
        account(
            45_000.0,
            160.0,
            drivers=[("stakeholders", 0.6, True)],
            **ENGAGED,
            champion_left_days=12,
            active_contacts_90d=5,
            single_threaded=0,
        ),
        "high",
        "champion_exit",
        "standard",
        says="lowers the risk: 5",
    ),
    Case(
        "7 named rival",
        account(
            120_000.0,
            110.0,
            drivers=[("competition", 0.6, True)],
            **ENGAGED,
            competitive_hits_90d=2,
            export_use_28d=1,
        ),
        "medium",
        "competitive",
        "full",
        ("executive_escalation",),
        says="within 72 hours",
    ),
    Case(
        "8 tickets repeat",
        account(
            15_000.0,
            60.0,
            drivers=[("support", 0.6, True), ("sentiment", 0.4, True)],
            **ENGAGED,
            tickets_90d=5,
            bugs_90d=4,
            repeat_topic_90d=4,
            ticket_csat_mean_180d=2.0,
            sentiment_mean_90d=-0.4,
            first_response_hours_90d=6,
        ),
        "medium",
        "product_issue",
        "standard",
        says="4 tickets on one topic",
    ),
    Case(
        "9 ignored",
        account(
            20_000.0,
            90.0,
            drivers=[("support", 0.6, True)],
            **ENGAGED,
            first_response_hours_90d=52,
            meetings_cancelled_by_us_180d=2,
            service_hits_90d=1,
            tickets_90d=4,
        ),
        "medium",
        "service_recovery",
        "standard",
        says="we cancelled",
    ),
    Case(
        "10 same industry, wrong assumption",
        account(
            200_000.0,
            150.0,
            drivers=[("value", 0.6, True)],
            **ENGAGED,
            value_doubt_hits_90d=1,
            goals_met_share=0.0,
            value_reviews_365d=0,
        ),
        "medium",
        "value_roi",
        "full",
        ("executive_escalation",),
        says="no real effect",
    ),
    Case(
        "11 signed elsewhere",
        account(
            35_000.0,
            20.0,
            drivers=[("competition", 0.6, True)],
            competitive_hits_90d=2,
            rival_signed=1,
            export_use_28d=4,
            notice_open=1,
        ),
        "low",
        "graceful_exit",
        "light",
        says="signed with a competitor",
    ),
    Case(
        "12 saved last year",
        account(
            30_000.0,
            200.0,
            **ENGAGED,
            past_saves=1,
            promises_overdue=1,
            discount_share=0.2,
        ),
        "medium",
        "save_recovery",
        "standard",
        says="Keep the promise first",
    ),
    Case(
        "13 cancellation out of the blue",
        account(
            18_000.0,
            45.0,
            drivers=[("engagement", 0.6, True), ("support", 0.4, True)],
            **ENGAGED,
            notice_open=1,
            bugs_90d=1,
            tickets_90d=1,
            repeat_topic_90d=1,
            oldest_open_ticket_days=40,
        ),
        "medium",
        "product_issue",
        "standard",
        says="do not answer with price",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_gets_the_play_that_practice_gives_it(case):
    suggestion = suggest(case.view, PLAYS)
    assert (suggestion.playbook, suggestion.modifiers) == (case.playbook, case.modifiers)
    assert (case.view.triage.save_band, case.view.triage.tier) == (case.save_band, case.tier)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_is_explained_in_both_languages(case):
    reasons = suggest(case.view, PLAYS).reasons
    assert any(case.says in reason.en for reason in reasons)
    assert all(reason.es and reason.es != reason.en and "{" not in reason.en + reason.es for reason in reasons)


@pytest.mark.parametrize("name", ["3", "8", "13"])
def test_no_discount_is_offered_where_the_cause_is_not_price(name):
    case = next(each for each in CASES if each.name.startswith(f"{name} "))
    assert not suggest(case.view, PLAYS).price_driver


def test_real_budget_opens_the_way_to_a_concession():
    assert suggest(CASES[5].view, PLAYS).price_driver


def test_a_play_chosen_for_what_lies_behind_a_cause_answers_that_cause():
    symptom = next(each for each in CASES if each.name.startswith("3 "))
    assert {"budget", "value"} <= suggest(symptom.view, PLAYS).answers
    assert suggest(account(drivers=[("support", 0.5, True)]), PLAYS).answers == frozenset(
        PLAYS["product_issue"].triggers.families
    )


def test_the_second_best_play_is_named():
    view = account(competitive_hits_90d=1, repeat_topic_90d=3)
    suggestion = suggest(view, PLAYS)
    assert (suggestion.playbook, suggestion.runner_up) == ("competitive", "product_issue")


def test_an_account_with_no_clear_driver_starts_with_a_discovery_call():
    suggestion = suggest(account(), PLAYS)
    assert suggestion.playbook == "engagement_revival"
    assert suggestion.reasons[0].en == "No clear driver: start with a discovery call."
    assert suggestion.runner_up is None


def test_a_cause_that_is_neither_named_nor_likely_chooses_nothing():
    assert suggest(account(drivers=[("support", 0.04, False)]), PLAYS).playbook == "engagement_revival"
    assert suggest(account(drivers=[("support", 0.06, False)]), PLAYS).playbook == "product_issue"


def test_the_named_cause_chooses_before_a_likelier_one_and_before_signs():
    view = account(drivers=[("stakeholders", 0.5, True), ("value", 0.6, False)], repeat_topic_90d=4, bugs_90d=4)
    suggestion = suggest(view, PLAYS)
    assert (suggestion.playbook, suggestion.runner_up) == ("champion_exit", "value_roi")
    assert suggestion.reasons[0].es == "Señalado como causa del riesgo: personas y relaciones."


def test_a_cause_that_is_not_named_is_called_likely_with_its_chance():
    reasons = suggest(account(drivers=[("stakeholders", 0.28, False)]), PLAYS).reasons
    assert reasons[0].en == "Likely, though not sure enough to be named as a cause: people and relationships (28%)."
    assert "(28\xa0%)" in reasons[0].es


def test_a_sign_that_tells_what_is_behind_a_family_takes_the_place_of_its_play():
    use = [("usage", 0.6, True)]
    assert suggest(account(drivers=use, days_since_use=20), PLAYS).playbook == "engagement_revival"
    assert suggest(account(drivers=use, days_since_use=20, product_issue_hits_90d=1), PLAYS).playbook == "product_issue"


def test_what_is_unknown_is_no_sign():
    """No value review known is not 'no value review held'."""
    unknown = account(value_reviews_365d=None, budget_hits_90d=1)
    assert suggest(unknown, PLAYS).playbook == "budget"
    assert suggest(account(value_reviews_365d=0.0, core_breadth_84d=0.3, budget_hits_90d=1), PLAYS).playbook == "value_roi"


def test_a_missing_number_reads_as_unknown():
    assert suggest(account(competitive_hits_90d=float("nan")), PLAYS).playbook == "engagement_revival"


def test_an_export_alone_is_routine():
    assert suggest(account(export_use_28d=30), PLAYS).playbook == "engagement_revival"


def test_a_low_value_account_at_high_risk_with_a_low_chance_is_let_go():
    view = account(5_000.0, 20.0, p=0.4, competitive_hits_90d=1)
    assert (view.triage.save_band, view.triage.tier) == ("low", "none")
    assert suggest(view, PLAYS).playbook == "graceful_exit"


def test_an_account_that_is_likely_to_stay_is_never_let_go_for_its_value():
    view = account(5_000.0, 20.0, p=0.1, competitive_hits_90d=1)
    assert suggest(view, PLAYS).playbook == "competitive"


def test_a_churned_account_is_won_back():
    assert suggest(account(status="churned"), PLAYS).playbook == "win_back"


def test_actions_that_the_facts_show_as_done_are_named():
    view = account(champion_left_days=12, active_contacts_90d=5)
    assert suggest(view, PLAYS).already_done == {"champion_exit.three_relationships"}


def test_a_near_renewal_is_said_to_be_an_emergency():
    suggestion = suggest(account(days=20.0, competitive_hits_90d=1), PLAYS)
    assert suggestion.emergency
    assert any(reason.es.startswith("Días hasta la renovación: 20.") for reason in suggestion.reasons)


def test_plays_without_a_fallback_are_refused():
    plays = {"budget": replace(PLAYS["budget"])}
    with pytest.raises(ValueError, match="no play has a fallback"):
        suggest(account(), plays)


def test_the_same_account_gets_the_same_suggestion_in_any_order_of_plays():
    view = account(competitive_hits_90d=1, repeat_topic_90d=4, bugs_90d=2, service_hits_90d=1)
    backwards = dict(reversed(PLAYS.items()))
    assert suggest(view, PLAYS) == suggest(view, backwards)
