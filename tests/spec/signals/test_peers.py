"""Places among peers, from rows to values, in a company of five accounts."""

import pandas as pd
import pytest

from features.catalogue import catalogue
from features.evidence import pick
from tests.spec.cases import AS_OF, ago, case, row
from tests.spec.conftest import accounts_of, company_of, open_company, values_of


def use(age, quantity, feature="reports"):
    return row("usage", age, quantity=quantity, feature=feature)


def mail(age, tone=0.0):
    return [row("messages", age), *(row("texts", age + n, sentiment=tone) for n in range(3))]


def answered(hours):
    return row("tickets", 20, first_response_at=ago(20 - hours / 24), resolved_at=ago(15))


RISING = [use(10, 30), use(40, 20), use(10, 1, "alerts"), *mail(5, 0.5), answered(2)]
STEADY = [use(10, 20), use(40, 20), *mail(10, 0.2), answered(4)]
HALVED = [use(10, 10), use(40, 20), *mail(20, -0.3), answered(8), row("tickets", 30)]
GONE = [use(40, 20), *mail(90), row("tickets", 30), row("tickets", 31)]
SILENT = [use(10, 10), use(40, 10)]
COMPANY = [case("", name, rows, None) for name, rows in (("r", RISING), ("s", STEADY), ("h", HALVED), ("g", GONE), ("q", SILENT))]
EXPECTED = {  # of rising, steady, halved, gone and silent, beside the elder one of every spec
    "usage_rank_28d": [0.0, 0.2, 0.4, 0.8, 0.4],
    "seat_use_rank_28d": [0.0, 0.0, 0.0, 1.0, 0.0],
    "breadth_rank_84d": [0.0, 0.2, 0.2, 0.2, 0.2],
    "usage_change_rank_28d": [0.0, 0.25, 0.75, 1.0, 0.25],
    "usage_beside_peers_28d": [0.55, 0.0, -0.5, -1.0, 0.0],
    "silence_rank_182d": [0.0, 0.2, 0.4, 0.6, 0.8],
    "tone_rank_90d": [0.0, 0.5, 1.0, None, None],
    "open_tickets_rank": [0.0, 0.0, 0.8, 1.0, 0.0],
    "first_response_rank_90d": [0.0, 0.5, 1.0, None, None],
}


@pytest.fixture(scope="module")
def history(tmp_path_factory, settings):
    return open_company(company_of(COMPANY), tmp_path_factory.mktemp("peers"), settings)


@pytest.fixture(scope="module")
def found(history):
    return values_of(history, list(EXPECTED), list(accounts_of(COMPANY)))


def test_every_signal_among_peers_is_told_here():
    assert set(EXPECTED) == {signal.name for signal in catalogue() if signal.peers}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_account_has_its_place(name, found):
    assert [found[account][name] for account in accounts_of(COMPANY)] == pytest.approx(EXPECTED[name])


def test_the_evidence_is_that_of_the_signal_ranked(history):
    signals = {signal.name: signal for signal in catalogue()}
    wanted = pd.DataFrame({"account_id": ["c002"] * 2, "signal": ["usage_rank_28d", "events_28d"]})
    rows = pick(history, AS_OF, wanted, signals, rows_a_signal=9).drop(columns="signal")
    assert len(rows) == 2
    assert rows.drop_duplicates().shape[0] == 1
