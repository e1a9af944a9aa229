"""A CSM's queue: what saves most for its hours first, and nobody worn out or woken."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from features.efforts import Effort
from serving import queue_text
from serving.learning.experience import Experience, measured_saves
from serving.patience import patience
from serving.store import Store
from serving.store.records import Listed, Plan
from serving.triage import called_for, triage_account
from serving.web.app import create_app
from serving.web.words import Words
from serving.worklist import queues
from tests.serving.conftest import clock, triage_params
from tests.serving.learning_made_up import made_up_learned

AS_OF = date(2026, 3, 2)
PARAMS = triage_params()


def row(account: str, worth: float | None, tier: str = "light", *, csm: str | None = "ana", wait: str | None = None):
    plain = dict.fromkeys(Listed.model_fields) | {"account_id": account, "name": account, "csm": csm, "strategic": False}
    listed = Listed(**(plain | {"status": "scored", "effort_tier": tier}))
    until = date(2026, 4, 1) if wait else None
    plain = {"playbook": "value_roi", "runner_up": None, "modifiers": (), "reasons": {"en": (), "es": ()}, "steps": ()}
    return listed, Plan(**plain, wait=wait, wait_until=until, fit=0.5, worth=worth)


def names(works):
    return [each.account_id for each in works]


def test_the_most_expected_value_an_hour_comes_first():
    (queue,) = queues([row("a", 6_000, "full"), row("b", 3_000), row("c", 1_200)], PARAMS)
    assert names(queue.begin) == ["b", "c", "a"]
    assert [round(each.value_an_hour) for each in queue.begin] == [500, 200, 100]


def test_what_does_not_fit_the_hours_waits_and_a_smaller_effort_may_take_its_place():
    (queue,) = queues([row("a", 60_000, "full"), row("b", 10_000, "standard"), row("c", 600)], PARAMS, hours=70)
    assert (names(queue.begin), names(queue.later)) == (["a", "c"], ["b"])


def test_efforts_under_way_take_their_hours_first():
    (queue,) = queues([row("a", 100, "full", wait="running"), row("b", 9_000, "full")], PARAMS, hours=100)
    assert (names(queue.running), names(queue.begin), names(queue.later)) == (["a"], [], ["b"])


def test_hours_that_are_left_go_to_efforts_that_keep_more_than_they_stir_up_though_not_their_cost():
    cost = PARAMS.effort_hours["light"] * PARAMS.hour_cost
    rows = [row("a", -5.0), row("b", 0.0), row("c", None), row("d", -cost), row("e", 900.0), row("f", -cost + 1)]
    (queue,) = queues(rows, PARAMS)
    assert (names(queue.begin), names(queue.spare), queue.later, queue.not_worth) == (["e"], ["b", "a", "f"], (), 2)
    (short,) = queues(rows, PARAMS, hours=PARAMS.effort_hours["light"])
    assert (names(short.begin), short.spare, short.later) == (["e"], (), ())


def test_every_csm_has_a_queue_and_accounts_without_one_come_last():
    found = queues([row("a", 10.0, csm=None), row("b", 10.0, csm="mei"), row("c", 10.0)], PARAMS)
    assert [each.csm for each in found] == ["ana", "mei", None]
    assert queues([], PARAMS) == ()


@pytest.mark.parametrize(
    ("effort", "flagged", "wait", "until"),
    [
        (None, False, None, None),
        (Effort("p", date(2026, 2, 1), None, None), True, "running", date(2026, 5, 2)),
        (Effort("p", date(2025, 12, 2), None, None), False, None, None),
        (Effort("p", date(2025, 12, 3), None, None), False, "running", date(2026, 3, 3)),
        (Effort("p", date(2025, 12, 1), date(2026, 1, 17), "saved"), False, "tired", date(2026, 3, 3)),
        (Effort("p", date(2025, 12, 1), date(2026, 1, 16), "saved"), False, None, None),
        (Effort("p", date(2025, 12, 1), date(2026, 2, 20), "lost"), True, None, None),
    ],
)
def test_nothing_new_begins_while_an_effort_runs_or_shortly_after_it(effort, flagged, wait, until):
    found = patience(effort, AS_OF, flagged=flagged, params=PARAMS)
    assert (wait, until) == (None, None) if found is None else (found.wait, found.until) == (wait, until)


@pytest.mark.parametrize(("ahead", "called"), [(0.019, False), (0.02, True), (None, False)])
def test_a_sleeping_account_is_not_woken_however_large_it_is(ahead, called):
    given = {"arr": 9_000_000.0, "strategic": False, "days_to_renewal": 200.0, "p_churn": 0.01, "risk_band": "low"}
    verdict = triage_account(signals={}, params=PARAMS, **given)
    assert called_for(verdict, facts={}, risk_band="low", p_ahead=ahead, arr=9_000_000.0, params=PARAMS) is called
    flag = {"competitive_hits_90d": 1.0}
    assert called_for(verdict, facts=flag, risk_band="low", p_ahead=ahead, arr=9_000_000.0, params=PARAMS)


def test_a_measured_play_is_known_from_the_day_it_was_measured():
    learned = made_up_learned()
    play = next(each.play for each in learned.effects if each.prevented is not None)
    found = measured_saves(learned, learned.until)
    assert found[play] == learned.save_probability(play)
    assert measured_saves(learned, date(2000, 1, 1)) == measured_saves(None, AS_OF) == Experience().saves == {}


def test_the_queue_is_told_in_both_languages_and_by_the_api(batch, guide):
    store = Store("sqlite://")
    waiting = batch.plans["account_id"].eq("A-004")
    plans = batch.plans.assign(wait=waiting.map({True: "tired", False: None}), wait_until=date(2026, 4, 1))
    store.publish(type(batch)(**{**batch.__dict__, "plans": plans}))
    as_of, rows = store.work()
    assert "A-003" not in names([listed for listed, _ in rows])  # held out
    found = queues(rows, guide.triage)
    english, spanish = (queue_text.render(found, as_of, guide, Words(lang)) for lang in ("en", "es"))
    assert "What to work on, as of 2 Mar 2026" in english
    assert "ana.ruiz – " in english
    assert "The last effort ended shortly ago; another may begin on 1 Apr 2026." in english
    assert "Por empezar, primero el mayor valor esperado por hora" in spanish
    for word in ("expected", "hours", "Under way", "renewal"):
        assert word not in spanish
    client = TestClient(create_app(store, guide, clock))
    told = client.get("/api/queue", params={"csm": "ana.ruiz"}).json()
    assert [each["csm"] for each in told] == ["ana.ruiz"]
    assert names([each for each, _ in rows])
    assert client.get("/api/queue", params={"hours": 0}).status_code == 422
    assert TestClient(create_app(Store("sqlite://"), guide, clock)).get("/api/queue").status_code == 404
