"""What every signal of the catalogue keeps to."""

import math
import string
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from features.catalogue import catalogue
from features.evidence import pick
from features.history import DECLARED
from features.languages import LANGUAGES
from features.signal import FAMILIES
from features.views import ACCOUNT, STATE
from features.wording import BESIDE, say_signal
from tests.spec.cases import AS_OF, EDGES
from tests.spec.conftest import accounts_of, company_of, open_company, values_of

HERE = Path(__file__).parent
SPECS = [import_module(f"tests.spec.signals.{path.stem}") for path in sorted(HERE.glob("test_*.py")) if path != Path(__file__)]
CASES = tuple(case for spec in SPECS for case in getattr(spec, "CASES", ()))
SIGNALS = {signal.name: signal for signal in catalogue()}
FACTS = (STATE.name, ACCOUNT.name)
CONTRACT = ("accounts", "subscriptions", "renewals")
every_signal = pytest.mark.parametrize("signal", catalogue(), ids=lambda signal: signal.name)
made_from_rows = [signal for signal in catalogue() if signal.peers is None]  # the others: test_peers.py
every_signal_of_rows = pytest.mark.parametrize("signal", made_from_rows, ids=lambda signal: signal.name)


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_each_family_has_at_least_five_signals():
    counted = pd.Series([signal.family for signal in catalogue()]).value_counts()
    assert counted.reindex(FAMILIES).min() >= 5


def test_the_calendar_is_exactly_what_is_known_ahead():
    calendar = {signal.name for signal in catalogue() if signal.calendar}
    assert calendar == {"days_to_renewal", "term_days", "monthly_term", "auto_renew", "notice_days"}


def test_no_case_speaks_of_a_signal_that_is_gone():
    assert {case.signal for case in CASES} <= set(SIGNALS)


@every_signal_of_rows
def test_a_window_has_a_row_on_each_edge(signal):
    told = {case.when for case in CASES if case.signal == signal.name}
    assert told >= (set(EDGES) if signal.window_days else {"empty"}), f"add an edge of {signal.name}"


@every_signal_of_rows
def test_the_empty_case_is_the_declared_one(signal):
    found = [case.value for case in CASES if case.signal == signal.name and case.when == "empty"]
    assert len(found) == 1
    if signal.view.name not in FACTS:
        assert found == [signal.empty]


@every_signal
def test_a_signal_says_what_it_means_and_when_it_is_missing(signal):
    assert signal.meaning.endswith(".")
    assert signal.missing
    assert signal.view.table in DECLARED
    assert signal.unit != "category" or (signal.direction, signal.empty) == (0, None)


@every_signal
def test_a_phrase_can_be_said_in_both_languages(signal):
    phrase = signal.phrase
    assert (phrase.en_one is None) == (phrase.es_one is None)
    assert (phrase.en_zero is None) == (phrase.es_zero is None)
    assert phrase.en != phrase.es
    assert fields(phrase.en) == fields(phrase.es)
    for text in (phrase.en, phrase.es, phrase.en_one or "", phrase.es_one or ""):
        assert fields(text) <= {"value", "comparison"}
        assert not text.endswith(".")
    values = ["retail"] if signal.category else [0.0, 1.0, 2.0, 1234.5]
    said = [say_signal(signal, value, values[0], language) for value in values for language in LANGUAGES]
    assert all(sentence[0].isupper() or sentence[0].isdigit() for sentence in said)
    assert len(set(said[::2])) == (2 if signal.unit == "flag" else len(values))


@every_signal
def test_a_number_of_things_has_a_singular(signal):
    several = ("active_days_14d", "active_days_28d", "active_weeks_84d")  # "of the last 14 days"
    counted = signal.unit in ("count", "days", "hours", "flag") and signal.name not in several
    amount = signal.phrase.amount
    assert (
        not counted or signal.phrase.en_one is not None or (amount is not None and amount.en.one is not None is not amount.es.one)
    )


@every_signal
def test_a_comparison_stands_in_brackets_in_every_form_of_a_phrase(signal):
    phrase = signal.phrase
    forms = [form for form in (phrase.en, phrase.es, phrase.en_one, phrase.es_one, phrase.en_zero, phrase.es_zero) if form]
    assert {"{comparison}" in form for form in forms} == {"{comparison}" in phrase.en}
    assert not any("{comparison}" in BESIDE.sub("", form) for form in forms)


BELOW_ZERO = [signal for signal in catalogue() if signal.unit == "change"] + [
    SIGNALS[name]
    for name in (
        "payment_delay_days_365d",
        "onboarding_delay_days",
        "first_value_days",
        "days_to_renewal",
        "discount_share",
        "nps_change_180d",
        "sentiment_change_90d",
        "csat_change_180d",
        "ticket_csat_change_180d",
        "payment_delay_change_180d",
    )
]


@pytest.mark.parametrize("signal", BELOW_ZERO, ids=lambda signal: signal.name)
def test_nobody_reads_a_minus_sign_but_on_a_scale(signal):
    said = {say_signal(signal, value, value, language) for value in (-18.4, -1.0) for language in LANGUAGES}
    assert not [sentence for sentence in said if "-" in sentence]
    assert len(said) == 4


@pytest.mark.parametrize("signal", [each for each in catalogue() if each.unit == "flag"], ids=lambda signal: signal.name)
def test_a_flag_is_held_against_what_most_accounts_do(signal):
    for language in LANGUAGES:
        said = {say_signal(signal, value, comparison, language) for value in (0.0, 1.0) for comparison in (0.0, 1.0)}
        assert len(said) == 4
        assert all(("most accounts" in one) or ("la mayoría de las cuentas" in one) for one in said)
        assert all(say_signal(signal, value, None, language) in {one.split(" (")[0] for one in said} for value in (0.0, 1.0))


@pytest.fixture(scope="module")
def history(tmp_path_factory, settings):
    return open_company(company_of(CASES), tmp_path_factory.mktemp("all"), settings)


@pytest.fixture(scope="module")
def bare(tmp_path_factory, settings):
    """Values of one account in a company that has contracts only."""
    others = [name for name in DECLARED if name not in CONTRACT]
    history = open_company(company_of(CASES[:1]), tmp_path_factory.mktemp("bare"), settings, without=others)
    return values_of(history, list(SIGNALS), ["c000"])["c000"]


@every_signal
def test_without_its_table_a_signal_is_missing_and_never_zero(signal, bare):
    if signal.view.table not in CONTRACT or signal.view.beside:
        assert bare[signal.name] is None


def test_behind_every_number_there_is_a_row_to_show(history):
    accounts = accounts_of(CASES)
    shown = {a: c for a, c in accounts.items() if SIGNALS[c.signal].evidence and c.value not in (None, 0)}
    shown = {a: c for a, c in shown.items() if c.value != SIGNALS[c.signal].empty}
    wanted = pd.DataFrame({"account_id": list(shown), "signal": [case.signal for case in shown.values()]})
    picked = pick(history, AS_OF, wanted, SIGNALS, rows_a_signal=3)
    assert not sorted(str(case) for account, case in shown.items() if account not in set(picked["account_id"]))


def test_a_counting_signal_counts_the_rows_that_it_shows(history):
    distinct = {"active_days_14d", "active_days_28d", "active_users_28d", "active_contacts_90d", "roles_covered"}
    distinct |= {"repeat_topic_90d", "core_unused", "new_leaders_180d", "active_weeks_84d", "silent_writers_182d"}
    distinct |= {"newcomers_unmet_180d", "people_left_180d", "champions_there"}
    totals = {"events_7d", "events_28d", "export_use_28d"}
    counts = {s.name for s in catalogue() if s.unit == "count" and s.evidence} - distinct - totals
    accounts = {a: c for a, c in accounts_of(CASES).items() if c.signal in counts and c.value is not None}
    wanted = pd.DataFrame({"account_id": list(accounts), "signal": [case.signal for case in accounts.values()]})
    rows = pick(history, AS_OF, wanted, SIGNALS, rows_a_signal=99)["account_id"].value_counts()
    assert {a: rows.get(a, 0) for a in accounts} == {a: c.value for a, c in accounts.items()}


def test_a_value_is_a_plain_number(history):
    frame = values_of(history, [s.name for s in catalogue() if not s.category], list(accounts_of(CASES)))
    assert all(value is None or math.isfinite(value) for one in frame.values() for value in one.values())
