"""One small company a file: each case is an account of it."""

import pandas as pd
import pytest

from features.catalogue import catalogue
from features.check import check
from features.contracts import Table
from features.history import DECLARED, History
from features.params import DataParams, PeerParams
from features.snapshots import Setting, matrix
from tests.conftest import InMemory
from tests.spec.cases import AS_OF, DEFAULTS, NOW, Row, ago

CORE = ("dashboards", "reports", "alerts", "exports")
SQL = {"string": "object", "number": "float64", "integer": "float64", "bool": "boolean", "time": "datetime64[us]"}
PEERS = PeerParams(segments_from_arr=(), at_least=3)
OLD = 900  # days: since when every source covers the company


def open_company(rows, folder, settings, *, without=(), refuse=True):
    """History of `{table: [row, …]}` through the real check; texts go in as they are."""
    frames = {name: pd.DataFrame(each) for name, each in rows.items() if each and name not in without}
    texts = frames.pop("texts", None)
    report = check(InMemory(frames), DataParams(**settings["data"]), folder)
    assert not refuse or not [table.reasons for table in report.tables if table.rejected]
    if texts is not None:
        _typed(texts, DECLARED["texts"]).to_parquet(folder / "texts.parquet", index=False)
    return History.open(folder, threads=1)


def _typed(frame, table: Table):
    for column in table.columns:
        frame[column.name] = frame.get(column.name, pd.Series(None, index=frame.index)).astype(SQL[column.kind])
    superseded = pd.Series(pd.NaT, index=frame.index).astype("datetime64[us]")
    return frame.assign(known_at=frame["known_at"].astype("datetime64[us]"), superseded_at=superseded)


def accounts_of(cases):
    """account_id -> case."""
    return {f"c{number:03d}": each for number, each in enumerate(cases)}


def company_of(cases):
    """{table: [row, …]} with an account a case, and one elder account that every source has covered for long."""
    rows = {name: [] for name in DECLARED}
    for account, each in accounts_of(cases).items():
        began = NOW - pd.Timedelta(days=each.began_days)
        term = {"started_at": began, "renews_at": NOW + pd.Timedelta(days=165), "arr": 12000, "seats": 10, **each.term}
        told = [Row("accounts", {"created_at": began, **each.account}), *each.rows]
        if not any(one.table == "subscriptions" for one in each.rows):
            told.append(Row("subscriptions", term))
        if each.used:
            told.append(Row("usage", {"occurred_at": ago(400)}))
        for number, one in enumerate(told):
            rows[one.table].append(one.filled(account, number))
    for name, table in DECLARED.items():
        rows[name].append(_elder(table))
    return rows


def _elder(table):
    required = [column for column in table.columns if column.required and column.name != "account_id"]
    needed = {column.name: ago(OLD) if column.kind == "time" else "x" for column in required}
    allowed = {column.name: column.allowed[0] for column in required if column.allowed}
    amounts = {column.name: 1 for column in required if column.kind == "number"}
    planned = {"renews_at": ago(-500)} if table.name == "subscriptions" else {}
    columns = {**needed, **allowed, **amounts, **DEFAULTS.get(table.name, {}), **planned}
    return Row(table.name, columns).filled("elder", 0)


def values_of(history, names, account_ids, as_of=AS_OF):
    """{account_id: {signal: value}}; None where a value is missing."""
    asked = [one for one in catalogue() if one.name in names]
    frame = matrix(history, [as_of], asked, Setting(CORE, 30, PEERS), lambda *_: None).frame.set_index("account_id")
    found = frame.loc[list(account_ids), list(names)].astype(object)
    return found.where(found.notna(), None).to_dict("index")


@pytest.fixture(scope="module")
def values(request, tmp_path_factory, settings):
    """case -> value, of the CASES of the file."""
    accounts = accounts_of(request.module.CASES)
    history = open_company(company_of(request.module.CASES), tmp_path_factory.mktemp("cases"), settings)
    names = sorted({one.signal for one in accounts.values()})
    found = values_of(history, names, accounts)
    return {one: found[account][one.signal] for account, one in accounts.items()}
