"""The time law over the whole catalogue: what was not known before as_of changes nothing, and rows have no order."""

import random
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from features.catalogue import catalogue
from features.snapshots import Setting, matrix
from tests.generative.made_up import absurd, drawn_rows, known, made
from tests.spec.cases import AS_OF, NOW, Case, ago
from tests.spec.conftest import CORE, PEERS, company_of, open_company

BESIDE = (AS_OF - timedelta(days=31), AS_OF, AS_OF + timedelta(days=45))
DAYS_BEGAN = {"old": 1000, "young": 100}


def few(examples):
    """Each example is a whole company: few, but every one has all tables."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return hypothesis_settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=slow,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],  # shrinking a company takes minutes
    )


def company(rows_by_account):
    """{table: [row, …]}: the accounts with their rows, and the elder one of the specs."""
    rows = {name: list(each) for name, each in company_of([Case("", "", [], None)]).items()}
    for account, listed in rows_by_account.items():
        began = NOW - pd.Timedelta(days=DAYS_BEGAN[account.split("-")[0]])
        term = {"started_at": began, "renews_at": NOW + pd.Timedelta(days=99), "arr": 100, "seats": 3, "known_at": began}
        rows["accounts"].append({"account_id": account, "created_at": began, "known_at": began})
        rows["subscriptions"].append({"account_id": account, "subscription_id": f"{account}-first", **term})
        rows["usage"].append({"account_id": account, "occurred_at": ago(95), "feature": "old", "known_at": ago(95)})
        for table, row in listed:
            rows[table].append(row)
    return rows


def signals_of(rows, settings, as_ofs=(AS_OF,), core=CORE):
    with TemporaryDirectory() as folder:
        history = open_company(rows, Path(folder), settings, refuse=False)
        frame = matrix(history, as_ofs, catalogue(), Setting(core, 30, PEERS), lambda *_: None).frame
    return frame.loc[frame["as_of"] == NOW].set_index("account_id").drop(columns="as_of")


def honest(drawn, account):
    """The rows as they came, and as they could be known."""
    rows = [(one.table, made(one, account)) for one in drawn]
    told = [(table, known(row, table)) for table, row in rows]
    return rows, [(table, row) for table, row in told if row is not None]


def shuffled(rows, seed):
    return {table: random.Random(seed).sample(listed, len(listed)) for table, listed in rows.items()}


def equal(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@few(4)
@given(drawn=drawn_rows, later=drawn_rows)
def test_twins_that_differ_only_in_what_was_learned_too_late_have_the_same_signals(drawn, later, settings):
    by_account = {}
    for kind in DAYS_BEGAN:
        by_account[f"{kind}-plain"] = honest(drawn, f"{kind}-plain")[1]
        rows = honest(drawn, f"{kind}-later")[0]
        by_account[f"{kind}-later"] = [*rows, *((one.table, absurd(one, f"{kind}-later")) for one in later)]
    found = signals_of(company(by_account), settings)
    for kind in DAYS_BEGAN:
        plain, twin = (found.loc[found.index == f"{kind}-{name}"].reset_index(drop=True) for name in ("plain", "later"))
        equal(plain, twin)


@few(2)
@given(drawn=drawn_rows, later=drawn_rows, seed=st.integers(0, 99))
def test_late_news_the_order_of_rows_and_the_other_days_of_a_pass_change_nothing(drawn, later, seed, settings):
    rows, told = honest(drawn, "old")
    rows += [(one.table, absurd(one, "old")) for one in later]
    everything = shuffled(company({"old": rows, "young": []}), seed)
    plain = company({"old": told, "young": []})
    equal(signals_of(everything, settings, core=(), as_ofs=BESIDE), signals_of(plain, settings, core=()))
