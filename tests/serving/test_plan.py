"""A suggestion becomes dated steps; what must hold for every account whatever is known of it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from features.signal import FAMILIES
from serving.choosing import Driver
from serving.matching import AccountView, Suggestion, suggest
from serving.params import TriageParams
from serving.plan import business_day, first_step, milestones_for, plan_for, talking_points_for
from serving.play import load_plays
from serving.practice import PHASES, load_practice
from serving.triage import triage_account

PARAMS = TriageParams.model_validate(yaml.safe_load(Path("params.yaml").read_text())["triage"])
PLAYS = load_plays()
MONDAY, FRIDAY = date(2025, 3, 3), date(2025, 3, 7)
SIGNALS = sorted({m for play in PLAYS.values() for sign in play.triggers.signs for m in sign.measures()})


def suggestion(playbook, *modifiers, **changes):
    plain = Suggestion(
        playbook=playbook,
        modifiers=modifiers,
        reasons=(),
        runner_up=None,
        price_driver=False,
        already_done=frozenset(),
        emergency=False,
        tech_touch=False,
        renewal_in_days=None,
        executives=True,
        answers=frozenset(),
    )
    return replace(plain, **changes)


def plan(made, as_of=MONDAY, language="en", holidays=()):
    return plan_for(made, PLAYS, as_of=as_of, language=language, holidays=holidays)


@pytest.mark.parametrize(
    ("start", "offset", "expected"),
    [
        (MONDAY, 0, MONDAY),
        (FRIDAY, 1, date(2025, 3, 10)),
        (MONDAY, 5, date(2025, 3, 10)),
        (date(2025, 3, 8), 0, date(2025, 3, 10)),
        (date(2025, 3, 8), 1, date(2025, 3, 11)),
    ],
)
def test_weekends_are_no_business_days(start, offset, expected):
    assert business_day(start, offset, ()) == expected


def test_holidays_are_no_business_days():
    assert business_day(MONDAY, 1, {date(2025, 3, 4)}) == date(2025, 3, 5)
    assert business_day(MONDAY, 0, {MONDAY}) == date(2025, 3, 4)


def test_the_first_step_is_a_call_today_by_the_csm():
    step = plan(suggestion("product_issue"))[0]
    assert (step.due, step.owner_role, step.phase, step.action) == (MONDAY, "csm", "first_24h", "product_issue.call")
    assert step.text.startswith("Call the customer; do not write.")


def test_the_plan_reads_the_same_days_in_spanish():
    english, spanish = plan(suggestion("budget")), plan(suggestion("budget"), language="es")
    assert [(s.due, s.action) for s in english] == [(s.due, s.action) for s in spanish]
    assert spanish[0].text.startswith("Llame al cliente")


def test_modifiers_add_their_steps_by_day():
    steps = plan(suggestion("competitive", "executive_escalation"))
    assert any(step.action == "executive_escalation.executive_talk" for step in steps)
    assert [step.due for step in steps] == sorted(step.due for step in steps)


def test_an_emergency_leaves_the_first_week_only():
    phases = {step.phase for step in plan(suggestion("value_roi", emergency=True))}
    assert phases == {"first_24h", "first_week"}


def test_nothing_after_the_first_day_is_due_after_the_renewal():
    steps = plan(suggestion("value_roi", renewal_in_days=6))
    assert {step.phase for step in steps if step.due > MONDAY + timedelta(days=6)} == set()
    assert plan(suggestion("value_roi", renewal_in_days=0))
    late = plan(suggestion("value_roi", renewal_in_days=-3))
    assert late == plan(suggestion("value_roi"))


def test_executives_have_no_step_where_the_effort_is_one_conversation():
    owners = {step.owner_role for step in plan(suggestion("service_recovery", executives=False))}
    assert owners
    assert not owners & set(load_practice().executive_roles)


def test_only_a_renewal_still_ahead_cuts_a_plan():
    ahead, past, unknown = (plan(suggestion("budget", renewal_in_days=days)) for days in (20, -2, None))
    assert max(step.due for step in ahead if step.phase != "first_24h") <= MONDAY + timedelta(days=20)
    assert past == unknown
    assert len(past) > len(ahead)


def test_a_play_that_outlives_the_renewal_is_not_cut():
    assert "win_back_dates" in plan(suggestion("graceful_exit", emergency=True))[-1].action


def test_the_exit_plan_ends_with_the_dates_of_the_win_back():
    days = [step.due - MONDAY for step in plan(suggestion("win_back")) if step.phase == "later"]
    assert [round(day / timedelta(days=30.4)) for day in days] == [3, 6, 12]


def test_a_tech_touch_account_gets_the_automated_variant():
    steps = plan(suggestion("onboarding_rescue", "executive_escalation", tech_touch=True))
    assert [step.action.split(".tt_")[0] for step in steps] == ["onboarding_rescue"] * len(steps)


def test_what_is_done_is_marked_and_the_next_step_follows():
    steps = plan(suggestion("value_roi", already_done=frozenset({"value_roi.call"})))
    assert steps[0].already_done
    assert first_step(steps).action == "value_roi.quantify"


def test_structures_of_price_appear_only_with_a_price_driver():
    with_driver = {step.action for step in plan(suggestion("budget", price_driver=True))}
    without = {step.action for step in plan(suggestion("budget"))}
    assert with_driver - without == {"budget.structures", "budget.keep_part", "budget.approve", "budget.offer"}


def test_terms_are_spoken_of_only_with_a_price_driver():
    with_driver = talking_points_for(PLAYS["budget"], suggestion("budget", price_driver=True), "es")
    without = talking_points_for(PLAYS["budget"], suggestion("budget"), "es")
    assert [point for point in with_driver if point not in without] == [load_practice().talking_points[4].say.es]
    assert without[-1] == PLAYS["budget"].talking_points[-1].es


def test_milestones_are_dated_from_day_1_to_day_30():
    dated = milestones_for(PLAYS["product_issue"], as_of=MONDAY, renewal=None, language="es", holidays=())
    assert [each.due for each in dated] == [
        date(2025, 3, 4),
        date(2025, 3, 6),
        date(2025, 3, 10),
        date(2025, 3, 31),
        date(2025, 4, 2),
    ]
    assert dated[0].title == "Día 1"
    short = milestones_for(PLAYS["product_issue"], as_of=MONDAY, renewal=date(2025, 3, 12), language="es", holidays=())
    assert short == dated[:3]


maybe = st.none() | st.just(float("nan")) | st.floats(-1, 400)


@st.composite
def accounts(draw):
    """Any account at all: any signal unknown, absent or odd."""
    signals = draw(st.dictionaries(st.sampled_from(SIGNALS), maybe, max_size=12))
    arr, p, days = draw(st.none() | st.floats(0, 1e6)), draw(st.none() | st.floats(0, 1)), draw(maybe)
    strategic, band = draw(st.booleans()), draw(st.sampled_from([None, "low", "medium", "high", "critical"]))
    drivers = st.builds(Driver, st.sampled_from(FAMILIES), st.floats(0, 1), st.booleans())
    verdict = triage_account(
        signals=signals,
        arr=arr,
        strategic=strategic,
        days_to_renewal=days,
        p_churn=p,
        risk_band=band,
        params=PARAMS,
        executive_ground=draw(st.booleans()),
    )
    return AccountView(
        account_id="a",
        p_churn=p,
        risk_band=band,
        arr=arr,
        strategic=strategic,
        days_to_renewal=days,
        tenure_days=draw(maybe),
        drivers=tuple(draw(st.lists(drivers, max_size=5))),
        signals=signals,
        status=draw(st.sampled_from(["scored", "no_usage", "too_new", "churned"])),
        triage=verdict,
    )


@settings(max_examples=150, deadline=None)
@given(view=accounts(), day=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_every_account_gets_a_play_a_reason_an_owner_a_first_step_and_a_date(view, day):
    made = suggest(view, PLAYS)
    first = first_step(plan(made, day))
    assert PLAYS[made.playbook].kind == "play"
    assert made.reasons
    assert first.owner_role in load_practice().roles
    assert first.text
    assert day <= first.due <= day + timedelta(days=4)
    assert first.phase == PHASES[0]


@settings(max_examples=150, deadline=None)
@given(view=accounts())
def test_no_account_without_a_price_driver_is_offered_a_concession(view):
    made = suggest(view, PLAYS)
    concessions = {f"{p.id}.{a.id}" for p in PLAYS.values() for a in (*p.actions, *p.tech_touch) if a.concession}
    offered = {step.action for step in plan(made, MONDAY)} & concessions
    assert made.price_driver or not offered
    assert made.price_driver == view.triage.price_driver


@settings(max_examples=100, deadline=None)
@given(view=accounts())
def test_executives_join_only_on_the_full_tier(view):
    assert ("executive_escalation" in suggest(view, PLAYS).modifiers) <= (view.triage.tier == "full")
