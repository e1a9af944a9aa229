"""What leaves traces of the end before as_of, and was learned after it: none of it moves any signal of any account."""

import pandas as pd
import pytest

from features.catalogue import catalogue
from tests.spec.cases import NOW, ago, case, row
from tests.spec.conftest import accounts_of, company_of, open_company, values_of

ENDS = NOW + pd.Timedelta(days=165)  # of every account's term
LEAVER, STAYER = "c000", "c001"
BEFORE = [
    row("usage", 9, feature="data_export", quantity=3),
    row("usage", 40),
    row("tickets", 30, kind="how_to"),
    row("messages", 20, contact_id="p"),
    row("contacts", 500, contact_id="p"),
    row("meetings", 15, kind="qbr", contact_id="p"),
    row("meetings", -10, kind="qbr", status=None, known_at=ago(12)),
    row("goals", 300, feature="reports"),
    row("notices", 100, kind="downgrade"),
]
LEAKS = {
    "the ticket that closes the account": [row("tickets", -3, kind="other", topic="close the account", known_at=ago(-3))],
    "an offboarding ticket that is filed back": [row("tickets", 5, kind="other", topic="offboarding", known_at=ago(-20))],
    "a flood of exports after the decision": [
        row("usage", -n, feature="data_export", quantity=500, known_at=ago(-n)) for n in range(1, 6)
    ],
    "exports of the last days that arrive late": [row("usage", 1, feature="data_export", quantity=500, known_at=ago(-1))],
    "the next review is cancelled": [
        row("meetings", -10, kind="qbr", status="cancelled", cancelled_by="customer", known_at=ago(-2))
    ],
    "the last review turns out to have been missed": [
        row("meetings", 15, kind="qbr", contact_id="p", status="missed", known_at=ago(0))
    ],
    "a note about last month, written later": [
        row("messages", 25, direction="out", channel="note", known_at=ago(-30)),
        row("texts", 25, side="us", cancellation=1.0, competitive=1.0, rival_signed=1.0, known_at=ago(-30)),
    ],
    "the champion is said to have left long ago": [row("contacts", 500, contact_id="p", ended_at=ago(60), known_at=ago(-9))],
    "an exit interview": [row("exit_interviews", -9, reason="competitor", known_at=ago(-9))],
    "a notice dated back": [row("notices", 3, kind="cancellation", known_at=ago(0))],
    "the decision itself": [row("renewals", 2, renews_at=ENDS, outcome="churned", known_at=ago(-1))],
    "a save that failed": [row("interventions", 50, outcome="lost", finished_at=ago(9), known_at=ago(-9))],
    "the last invoice is never paid": [row("invoices", 20, due_at=ago(10), known_at=ago(0))],
}


def company(leak):
    return [case("", "leaver", [*BEFORE, *leak], None), *(case("", name, BEFORE, None) for name in ("stayer", "third", "fourth"))]


def signals_of(folder, settings, leak):
    cases = company(leak)
    history = open_company(company_of(cases), folder, settings)
    return pd.DataFrame(values_of(history, [signal.name for signal in catalogue()], list(accounts_of(cases))))


@pytest.fixture(scope="module")
def plain(tmp_path_factory, settings):
    return signals_of(tmp_path_factory.mktemp("plain"), settings, [])


@pytest.fixture(scope="module")
def leaked(tmp_path_factory, settings):
    """With all of it at once: whatever moves a value is then looked for one by one."""
    return signals_of(tmp_path_factory.mktemp("leaked"), settings, [each for leak in LEAKS.values() for each in leak])


def test_all_of_it_together_moves_nothing(plain, leaked):
    pd.testing.assert_frame_equal(plain, leaked, check_exact=True)
    assert plain[LEAVER].notna().sum() > 50


def test_the_leaver_is_not_told_from_those_who_stay(leaked):
    pd.testing.assert_series_equal(leaked[LEAVER], leaked[STAYER], check_names=False, check_exact=True)


@pytest.mark.parametrize("name", ["a flood of exports after the decision", "the next review is cancelled"])
def test_one_by_one_it_moves_nothing(name, plain, tmp_path, settings):
    pd.testing.assert_frame_equal(plain, signals_of(tmp_path, settings, LEAKS[name]), check_exact=True)


def test_an_account_that_has_decided_is_nobodys_peer(tmp_path_factory, settings):
    """Known to leave while its term still runs: what it does then moves no other account's place."""
    decided = row("renewals", 20, renews_at=ENDS, outcome="churned")
    flood = [row("usage", age, quantity=9000) for age in range(1, 19)]

    def others(rows):
        cases = [case("", "decided", [*BEFORE, decided, *rows], None), *company([])[1:]]
        history = open_company(company_of(cases), tmp_path_factory.mktemp("decided"), settings)
        return values_of(history, [signal.name for signal in catalogue()], ["c001", "c002", "c003"])

    assert others(flood) == others([])
