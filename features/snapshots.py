"""The matrix: one row an account alive at as_of, one column a signal, made in one pass a view."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import ibis
import numpy as np
import pandas as pd
from ibis.expr import operations as ops

from features.coverage import Coverage
from features.history import History
from features.params import PeerParams
from features.peers import first_step, second_step
from features.population import STATE_TYPES, population
from features.signal import Signal, View
from features.totals.counting import counted, counting
from features.totals.two_step import aggregated, spans_of
from features.view_rows import first_uses, seen, totals
from features.views import ACCOUNT, STATE

KEY = ["account_id", "as_of"]
ATTRIBUTE = "attr_"
AS_OFS_A_PASS = 12  # bounds memory: a pass holds the windows of so many as_ofs at once
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Setting:
    """What a company states once: the features that count as core (empty = all it has), the days of grace after a term, and
    who is whose peer.
    """

    core_features: tuple[str, ...]
    grace_days: int
    peers: PeerParams


@dataclass(frozen=True)
class Matrix:
    """`frame`: account_id, as_of, a column a signal (float, NaN = unknown; names for categories), then `attr_` columns,
    sorted by as_of and account_id. `state`: the contract of the same rows (features.population).
    """

    frame: pd.DataFrame
    state: pd.DataFrame

    def at(self, day: date) -> "Matrix":
        """The rows of one day, as a matrix of that day alone has them."""
        frame, state = (each.loc[each["as_of"] == pd.Timestamp(day)].reset_index(drop=True) for each in (self.frame, self.state))
        unknown = [name for name in frame.columns if name.startswith(ATTRIBUTE) and frame[name].isna().all()]
        return Matrix(frame.drop(columns=unknown), state)


def matrix(history: History, as_ofs: Sequence[date], catalogue: Sequence[Signal], setting: Setting, progress: Progress) -> Matrix:
    """All signals of every account alive at each as_of. Nobody alive: no rows, every column.

    Memory grows with the accounts and the views' windows of twelve as_ofs, not with the length of the log. An attribute of
    which no value was known at any as_of has no column: one that is given later must not change what an earlier day says.
    """
    ordered = sorted(set(as_ofs))
    passes = [ordered[i : i + AS_OFS_A_PASS] for i in range(0, len(ordered), AS_OFS_A_PASS)]
    done, first = [], first_step(catalogue)
    for number, some in enumerate(passes):
        progress("features", number, len(passes))
        done.append(_pass(history, some, first, setting))
    progress("features", len(passes), len(passes))
    frame, state = (pd.concat([getattr(part, name) for part in done], ignore_index=True) for name in ("frame", "state"))
    attributes = [name for name in frame.columns if name.startswith(ATTRIBUTE) and frame[name].notna().any()]
    placed = second_step(frame, state["arr"], catalogue, setting.peers)
    return Matrix(placed[[*KEY, *(s.name for s in catalogue), *attributes]], state)


def _pass(history: History, as_ofs: Sequence[date], catalogue: Sequence[Signal], setting: Setting) -> Matrix:
    everyone = population(history, as_ofs, grace_days=setting.grace_days)
    state = everyone.loc[everyone["alive"]].reset_index(drop=True)
    state = state.assign(core_count=_core_counts(history, state, setting))[list(STATE_TYPES)]
    people = history.engine.keep("state", ibis.memtable(state, schema=STATE_TYPES))
    coverage = Coverage(history, state, as_ofs)
    columns: dict[str, pd.Series] = {}
    for _, group in groupby(sorted(catalogue, key=lambda s: s.view.name), key=lambda s: s.view.name):
        signals = list(group)
        columns |= _columns(history, as_ofs, people, signals, setting, coverage)
    frame = pd.DataFrame({**{name: state[name] for name in KEY}, **{s.name: columns[s.name] for s in catalogue}})
    return Matrix(pd.concat([frame, _attributes(history, as_ofs, state)], axis=1), state)


def view_rows(history: History, view: View, as_ofs: Sequence[date], people: ibis.Table, setting: Setting) -> ibis.Table:
    """The rows of a view for the accounts alive, with their state (seats, arr, began, chain_end, …) beside each row."""
    if view is STATE or view.name == STATE.name:
        return people.mutate(age=ibis.literal(0))
    return _known_rows(history, view, as_ofs, setting).join(people, KEY)


def _known_rows(history: History, view: View, as_ofs: Sequence[date], setting: Setting) -> ibis.Table:
    return _with_core(totals(history, view, as_ofs), view, setting)


def _with_core(rows: ibis.Table, view: View, setting: Setting) -> ibis.Table:
    if "feature" not in view.grain:
        return rows
    return rows.mutate(core=rows.feature.isin(setting.core_features) if setting.core_features else ibis.literal(True))


def _columns(
    history: History,
    as_ofs: Sequence[date],
    people: ibis.Table,
    signals: Sequence[Signal],
    setting: Setting,
    coverage: Coverage,
) -> dict[str, pd.Series]:
    view = signals[0].view
    if not all(history.has(table) for table in (view.table, *(table for table, _ in view.beside))):
        return {s.name: _unknown(s, len(coverage)) for s in signals}
    sums = _sums(history, as_ofs, people, signals, setting)
    joined = people.select(*KEY).left_join(sums, KEY).order_by("as_of", "account_id")
    found = history.engine.answer(joined.select(**{s.name: _or_empty(joined[s.name], s) for s in signals}))
    return {s.name: _filled(s, found[s.name], coverage) for s in signals}


def _sums(
    history: History, as_ofs: Sequence[date], people: ibis.Table, signals: Sequence[Signal], setting: Setting
) -> ibis.Table:
    """The aggregates of one view, a row an account and as_of that has any rows."""
    view = signals[0].view
    if not view.by_day:
        rows = view_rows(history, view, as_ofs, people, setting)
        return rows.group_by(KEY).aggregate(**_values(signals, rows))
    known = _known_rows(history, view, as_ofs, setting)
    joined = known.join(people, KEY)
    values = _values(signals, joined)
    plan = counting(values, view.grain, view.window_days or 0) if view.person is None else None
    if plan is not None:
        rows = _with_core(seen(history, view, as_ofs, plan.windows), view, setting)
        return counted(plan, rows, known, people, joined, KEY, values)
    return _in_parts(history, view, as_ofs, people, signals, known)


def _in_parts(
    history: History, view: View, as_ofs: Sequence[date], people: ibis.Table, signals: Sequence[Signal], known: ibis.Table
) -> ibis.Table:
    """The accounts in as many parts as memory asks for."""

    def of(rows: ibis.Table) -> ibis.Table:
        joined, single = rows.join(people, KEY), history.single_days(view, as_ofs)
        return aggregated(rows, people, joined, KEY, view.grain, _values(signals, joined), single_days=single)

    whole = of(known)
    count = history.parts(view, as_ofs, remembers=bool(whole.op().find(ops.CountDistinct)))
    if count <= 1:
        return whole
    spans = enumerate(spans_of(people, count))
    return ibis.union(*(history.engine.keep(f"sums_{n}", of(known.filter(known.account_id.between(*span)))) for n, span in spans))


def _values(signals: Sequence[Signal], rows: ibis.Table) -> dict[str, ibis.Value]:
    values = {s.name: s.value(rows) for s in signals}
    return {s.name: values[s.name] if s.category else values[s.name].cast("float64") for s in signals}


def _unknown(signal: Signal, rows: int) -> pd.Series:
    return pd.Series([None] * rows, dtype=object) if signal.category else pd.Series(np.full(rows, np.nan))


def _or_empty(value: ibis.Value, signal: Signal) -> ibis.Value:
    """Null says that nothing happened: `empty`. NaN says that something did, but not how much: it stays, as missing."""
    return value if signal.empty is None or signal.category else value.fill_null(float(signal.empty))


def _filled(signal: Signal, found: pd.Series, coverage: Coverage) -> pd.Series:
    """What the source does not cover is missing."""
    if signal.category:
        return found.astype(object).where(found.notna(), None)
    values = found.astype("float64")
    if signal.view.name in (STATE.name, ACCOUNT.name):
        return values
    known = coverage.told(signal.view.table, signal.tells) & (coverage.days(signal.view.table) >= signal.needs_days)
    for table, column in signal.view.beside:
        known &= coverage.told(table, (column,)) & (coverage.days(table) >= signal.needs_days)
    return values.where(known)


def _core_counts(history: History, state: pd.DataFrame, setting: Setting) -> pd.Series:
    """How many core features there are: those stated, else those that anybody was seen to use before as_of."""
    if setting.core_features or not history.has("usage"):
        return pd.Series(float(len(setting.core_features)) or np.nan, index=state.index)
    first = first_uses(history)
    counts = {as_of: float((first < as_of).sum()) for as_of in state["as_of"].unique()}
    return state["as_of"].map(counts).astype("float64")


def _attributes(history: History, as_ofs: Sequence[date], state: pd.DataFrame) -> pd.DataFrame:
    names = [name for name in history.raw("accounts").columns if name.startswith(ATTRIBUTE) and not name.endswith("_known_at")]
    if not names:
        return pd.DataFrame(index=state.index)
    rows = history.known("accounts", as_ofs)
    told = rows.select(*KEY, **{name: _once_known(rows, name) for name in names}).to_pandas()
    found = state[KEY].merge(told, on=KEY, how="left")[names]
    texts = [name for name in names if not pd.api.types.is_numeric_dtype(found[name])]
    return found.astype({name: object if name in texts else "float64" for name in names})


def _once_known(rows: ibis.Table, name: str) -> ibis.Value:
    """The attribute, missing until its own date of knowledge where the data gives one."""
    given = f"{name}_known_at"
    if given not in rows.columns:
        return rows[name]
    hidden = rows[given].try_cast("timestamp(6)") >= rows.as_of
    return ibis.ifelse(hidden.fill_null(False), ibis.null(rows[name].type()), rows[name])  # no date: known with its row
