"""A column that the source does not have makes its signals missing: no column is not "nothing happened"."""

import pytest

from features.catalogue import catalogue
from features.history import DECLARED
from tests.spec.cases import DEFAULTS, Case, Row, ago
from tests.spec.conftest import company_of, open_company, values_of

TOLD = {signal.name: signal for signal in catalogue() if signal.tells}
COLUMNS = {(signal.view.table, column) for signal in TOLD.values() for column in signal.tells}
KINDS = {"time": ago(600), "number": 1, "bool": True, "string": "x"}


def full(table, known_at):
    """A row of the elder account with a value in every column."""
    columns = {c.name: c.allowed[-1] if c.allowed else KINDS[c.kind] for c in table.columns}
    named = {"account_id": "elder", "known_at": known_at, "row_id": f"{table.name}-full"}
    return Row(table.name, {**columns, **DEFAULTS.get(table.name, {}), **named}).filled("elder", 9)


def values(folder, settings, *, known_at):
    """Values of an account without rows, in a company that tells those columns in one row, known at `known_at`."""
    rows = company_of([Case("", "", [], None, began_days=100)])
    for table in {table for table, _ in COLUMNS}:
        columns = {column for of, column in COLUMNS if of == table}
        rows[table] = [{name: None if name in columns else v for name, v in one.items()} for one in rows[table]]
        required = {c.name for c in DECLARED[table].columns if c.required} & columns
        assert not required, f"{table}: {required} is always there"
        rows[table].append(full(DECLARED[table], known_at))
    return values_of(open_company(rows, folder, settings), sorted(TOLD), ["c000"])["c000"]


@pytest.fixture(scope="module")
def untold(tmp_path_factory, settings):
    return values(tmp_path_factory.mktemp("untold"), settings, known_at=ago(0))


@pytest.fixture(scope="module")
def told(tmp_path_factory, settings):
    return values(tmp_path_factory.mktemp("told"), settings, known_at=ago(600))


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_signal_whose_column_nobody_had_before_as_of_is_missing(name, untold):
    assert untold[name] is None


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_signal_whose_column_the_source_has_is_empty_where_nothing_happened(name, told):
    assert told[name] == TOLD[name].empty
