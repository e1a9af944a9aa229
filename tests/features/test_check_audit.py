"""Columns that tell what nobody knew yet are suspected; columns that only predict are not."""

import json
from dataclasses import asdict

import pytest

from features.check import CheckReport

LEAVERS, STAYERS = range(20), range(20, 60)
SIGNED, LEFT = "2024-01-01", "2024-11-01"


@pytest.fixture
def suspected(checked):
    """`suspected(tickets=[…])` -> {(table, column): kind} for sixty accounts, of which the first twenty left in November."""

    def run(**tables):
        return {(each.table, each.column): each.kind for each in _report(checked, **tables).suspicions}

    return run


def _report(checked, **tables):
    company = {
        "accounts": [account(n) for n in (*LEAVERS, *STAYERS)],
        "subscriptions": [term(n) for n in (*LEAVERS, *STAYERS)],
        "renewals": [
            {"account_id": f"A{n}", "renews_at": "2025-01-01", "decided_at": LEFT, "outcome": "churned"} for n in LEAVERS
        ],
    }
    return checked({**company, **tables}).report


def account(n, **more):
    return {"account_id": f"A{n}", "created_at": SIGNED, "known_at": SIGNED, **more}


def term(n, **more):
    return {
        "subscription_id": f"S{n}",
        "account_id": f"A{n}",
        "started_at": SIGNED,
        "renews_at": "2025-01-01",
        "arr": str(100 + n % 7),
        **more,
    }


def ticket(n, day, **more):
    return {"ticket_id": f"T{n}-{day}", "account_id": f"A{n}", "opened_at": day, "known_at": day, **more}


def accounts(**column):
    """Accounts with one more column, made of a function of their number."""
    ((name, made),) = column.items()
    return [account(n, **{name: made(n)}) for n in (*LEAVERS, *STAYERS)]


def test_a_sound_company_raises_nothing(suspected):
    assert suspected() == {}


def test_a_field_filled_on_those_that_left_in_rows_dated_before_is_suspected(suspected):
    rows = [ticket(n, "2024-05-01", topic="offboarding" if n in LEAVERS else None) for n in (*LEAVERS, *STAYERS)]
    assert suspected(tickets=rows) == {("tickets", "topic"): "filled_on_leavers"}


def test_one_with_a_knowledge_date_of_its_own_after_the_end_is_not(suspected):
    late = {"topic": "offboarding", "topic_known_at": "2024-12-01"}
    rows = [ticket(n, "2024-05-01", **(late if n in LEAVERS else {})) for n in (*LEAVERS, *STAYERS)]
    assert suspected(tickets=rows) == {}


@pytest.mark.parametrize(("on_leavers", "on_stayers"), [(2, 2), (2, 4)])
def test_a_rate_that_is_only_somewhat_higher_is_not(suspected, on_leavers, on_stayers):
    """Filled for every second account that left, and for every second or fourth that stayed."""
    filled = [n for n in LEAVERS if n % on_leavers == 0] + [n for n in STAYERS if n % on_stayers == 0]
    rows = [ticket(n, "2024-05-01", topic="x" if n in filled else None) for n in (*LEAVERS, *STAYERS)]
    assert suspected(tickets=rows) == {}


def test_a_difference_that_chance_could_make_on_so_few_accounts_is_not(suspected):
    """Thirteen of twenty against a quarter: far apart, yet within four standard errors."""
    filled = [*range(13), *(n for n in STAYERS if n % 4 == 0)]
    rows = [ticket(n, "2024-05-01", topic="x" if n in filled else None) for n in (*LEAVERS, *STAYERS)]
    assert suspected(tickets=rows) == {}


def test_rates_are_compared_at_equal_time(suspected):
    """A column that everybody's rows have from July on; most rows of those that left are of before, of the others after."""
    days = {n: ("2024-02-01", "2024-08-01") if n in LEAVERS else ("2024-08-01", "2024-09-01") for n in (*LEAVERS, *STAYERS)}
    rows = [ticket(n, day, topic="x" if day >= "2024-07" else None) for n, pair in days.items() for day in pair]
    rows += [ticket(n, "2024-02-02") for n in STAYERS]
    assert suspected(tickets=rows) == {}


def test_many_rows_of_one_account_prove_nothing(suspected):
    rows = [ticket(0, f"2024-05-{day:02d}", topic="x") for day in range(1, 29)]
    rows += [ticket(n, "2024-05-01") for n in (*LEAVERS, *STAYERS) if n]
    assert suspected(tickets=rows) == {}


def test_a_field_emptied_on_those_that_left_is_suspected(suspected):
    assert suspected(accounts=accounts(csm=lambda n: None if n in LEAVERS else f"csm{n % 3}")) == {
        ("accounts", "csm"): "blank_on_leavers"
    }


def test_a_field_that_accounts_get_in_time_is_not(suspected):
    """Those that left had gone before it came."""
    later = [account(n, attr_score=str(n % 7)) | {"known_at": "2024-12-01"} for n in STAYERS]
    assert suspected(accounts=[*accounts(attr_score=lambda _: None), *later]) == {}


def test_an_answer_that_those_who_leave_give_less_often_is_not(suspected):
    """It has a date of its own: not to answer is behaviour."""
    rows = [
        {"account_id": f"A{n}", "kind": "nps", "sent_at": "2024-05-01", "known_at": "2024-05-01"}
        | ({} if n in LEAVERS else {"answered_at": "2024-05-02", "score": "9", "comment": "good"})
        for n in (*LEAVERS, *STAYERS)
    ]
    assert suspected(surveys=rows) == {}


def test_a_field_filled_only_after_the_end_is_suspected(suspected):
    rows = [ticket(n, "2024-05-01") for n in (*LEAVERS, *STAYERS)]
    rows += [ticket(n, "2024-12-01", topic="offboarding") for n in LEAVERS]
    assert suspected(tickets=rows) == {("tickets", "topic"): "filled_after_end"}


def test_one_that_everybody_has_by_then_is_not(suspected):
    rows = [ticket(n, "2024-05-01") for n in (*LEAVERS, *STAYERS)]
    rows += [ticket(n, "2024-12-01", topic="x") for n in (*LEAVERS, *STAYERS)]
    rows += [ticket(n, "2024-12-02", topic="x") for n in STAYERS]
    assert suspected(tickets=rows) == {}


def test_a_state_without_versions_that_tells_the_outcome_is_suspected(suspected):
    state = accounts(attr_stage=lambda n: "inactive" if n in LEAVERS else "active")
    assert suspected(accounts=state) == {("accounts", "attr_stage"): "tells_outcome"}


def test_a_number_without_versions_that_tells_the_outcome_is_suspected(suspected):
    assert suspected(accounts=accounts(attr_health=lambda n: str(n % 7 if n in LEAVERS else 50 + n))) == {
        ("accounts", "attr_health"): "tells_outcome"
    }


def test_a_state_with_versions_is_judged_by_what_was_known_before(suspected):
    before = accounts(attr_stage=lambda _: "active")
    after = [account(n, attr_stage="inactive") | {"known_at": LEFT} for n in LEAVERS]
    assert suspected(accounts=[*before, *after]) == {}


@pytest.mark.parametrize(
    "made",
    [
        lambda n: "small" if n % 3 else "large",
        lambda n: "legacy" if n in range(12) or n in range(20, 26) else "new",  # two in three of them leave
        lambda n: f"csm{n}",
        lambda n: "quitting" if n in range(5) else "none",  # too few accounts to say
    ],
)
def test_a_state_that_only_predicts_is_not(suspected, made):
    assert suspected(accounts=accounts(attr_group=made)) == {}


def test_a_term_rewritten_at_the_end_is_suspected_by_its_fields(suspected):
    terms = [term(n, auto_renew="false" if n in LEAVERS else "true") for n in (*LEAVERS, *STAYERS)]
    assert suspected(subscriptions=terms) == {("subscriptions", "auto_renew"): "tells_outcome"}


def test_an_end_overwritten_by_the_day_of_leaving_is_suspected(suspected):
    terms = [term(n, renews_at=f"2024-11-{5 + n % 20:02d}" if n in LEAVERS else "2025-01-01") for n in (*LEAVERS, *STAYERS)]
    assert suspected(subscriptions=terms) == {("subscriptions", "renews_at"): "end_rewritten"}


@pytest.mark.parametrize("end", ["2025-01-01", "2024-02-01", "2024-12-31", "2024-07-03"])
def test_ends_after_whole_months_are_not(suspected, end):
    assert suspected(subscriptions=[term(n, renews_at=end) for n in (*LEAVERS, *STAYERS)]) == {}


def test_ends_that_are_odd_for_everybody_are_not(suspected):
    assert suspected(subscriptions=[term(n, renews_at=f"2024-11-{5 + n % 20:02d}") for n in (*LEAVERS, *STAYERS)]) == {}


def test_days_later_than_their_row_are_suspected(suspected):
    assert suspected(accounts=accounts(attr_last_login=lambda n: f"2024-0{1 + n % 9}-17")) == {
        ("accounts", "attr_last_login"): "later_than_known"
    }
    assert suspected(accounts=accounts(attr_founded=lambda n: f"19{10 + n}-03-17")) == {}


def test_accounts_that_came_back_are_on_neither_side(suspected):
    back = [term(n) | {"subscription_id": f"R{n}", "started_at": "2025-06-01", "renews_at": "2026-06-01"} for n in LEAVERS]
    terms = [term(n) for n in (*LEAVERS, *STAYERS)]
    state = accounts(attr_stage=lambda n: "inactive" if n in LEAVERS else "active")
    assert suspected(accounts=state, subscriptions=[*terms, *back]) == {}


def test_the_outcome_itself_may_tell_the_outcome(suspected):
    rows = [{"account_id": f"A{n}", "given_at": "2024-10-01", "kind": "cancellation", "text": "bye"} for n in LEAVERS]
    assert suspected(notices=rows) == {}


def test_a_suspicion_says_what_how_often_and_what_to_do_and_never_a_value(checked, tmp_path):
    rows = [ticket(n, "2024-05-01", topic="secret" if n in LEAVERS else None) for n in (*LEAVERS, *STAYERS)]
    report = _report(checked, tickets=rows)
    assert "tickets.topic: filled, as known before they left, on accounts that left against those that stayed" in report.as_text()
    assert "100% (20 accounts) against 0% (40); it is filled once an account leaves" in report.as_text()
    (told,) = report.as_dict()["suspicions"]
    assert (told["rate"], told["of"], told["other_rate"], told["other_of"]) == (1.0, 20, 0.0, 40)
    assert "leave it out" in told["advice"]
    assert "secret" not in json.dumps(report.as_dict()) + report.as_text()
    report.write(tmp_path / "report.json")
    assert asdict(CheckReport.from_json(tmp_path / "report.json"))["suspicions"] == asdict(report)["suspicions"]
