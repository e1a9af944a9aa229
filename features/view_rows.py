"""The rows of every view, as totals or one by one: what signals aggregate, and what evidence is picked from."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from weakref import WeakKeyDictionary

import ibis
import pandas as pd

from features.contracts import FIRST_YEAR
from features.history import History, midnights
from features.people import KEY, beside_each_row, in_role, one_a_person
from features.signal import View
from features.totals.bits import Window
from features.views import CHAMPION_MESSAGES, GOALS_USED, MEETINGS, MESSAGES, PEOPLE, USAGE_FEATURES

SEEN_DAYS = 365  # people who were neither heard nor met for so long count as never seen
NEW_DAYS = 84  # so long a feature is new to the company

_FIRST_USES: WeakKeyDictionary[History, pd.Series] = WeakKeyDictionary()
Read = Callable[[Sequence[date]], ibis.Table]


def totals(history: History, view: View, as_ofs: Sequence[date]) -> ibis.Table:
    """What the signals of the view aggregate: account-day totals, single rows, or one row a person."""
    found = _read(view, as_ofs, lambda days: history.view(view, days))
    if view.person is not None:
        return one_a_person(found, view.person)
    return _beside(history, view, as_ofs, found)


def seen(history: History, view: View, as_ofs: Sequence[date], windows: Sequence[Window]) -> ibis.Table:
    """In which windows each user or feature was seen (`History.seen`), with the columns that `totals` adds to the view."""
    return _beside(history, view, as_ofs, history.seen(view, as_ofs, windows))


def single_rows(history: History, view: View, as_ofs: Sequence[date]) -> ibis.Table:
    """The single rows under the view, with the columns that tell which of them a signal looks at."""
    found = _read(view, as_ofs, lambda days: history.rows(view, days))
    if view.person is not None:
        return beside_each_row(found, view.person)
    return _beside(history, view, as_ofs, found)


def _read(view: View, as_ofs: Sequence[date], read: Read) -> ibis.Table:
    """The window, and the one `back_days` earlier as it was known then, seen from the same as_of."""
    now = read(as_ofs)
    earlier = [day - timedelta(days=view.back_days) for day in as_ofs if day.year > FIRST_YEAR]
    if not view.back_days or not earlier:
        return now
    then = read(earlier)
    moved = then.mutate(as_of=then.as_of + ibis.interval(days=view.back_days), age=then.age + view.back_days)
    return now.union(moved.select(now.columns))


def _beside(history: History, view: View, as_ofs: Sequence[date], rows: ibis.Table) -> ibis.Table:
    if view.grain == USAGE_FEATURES.grain:
        return _novel(history, as_ofs, rows)
    if view.name == CHAMPION_MESSAGES.name:
        return rows.semi_join(in_role(history.known("contacts", as_ofs), ("champion",)), [*KEY, "contact_id"])
    if view.name == PEOPLE.name:
        return rows.left_join(_seen(history, as_ofs), [*KEY, "contact_id"], rname="seen_{name}")
    if view.name == GOALS_USED.name:
        return _used(history, as_ofs, rows)
    return rows


def _novel(history: History, as_ofs: Sequence[date], rows: ibis.Table) -> ibis.Table:
    """Adds `new` (is the feature new to the company at as_of?) and `new_count` (how many are; 0 or missing: none is)."""
    new = new_features(history, as_ofs)
    if new.empty:
        return rows.mutate(new=ibis.literal(False), new_count=ibis.null("int64"))
    counts = new.groupby("as_of", as_index=False).agg(new_count=("feature", "size"))
    novel = ibis.memtable(new.assign(new=True), schema={"as_of": "timestamp(6)", "feature": "string", "new": "boolean"})
    told = ibis.memtable(counts, schema={"as_of": "timestamp(6)", "new_count": "int64"})
    marked = rows.left_join(novel, ["as_of", "feature"]).drop("as_of_right", "feature_right")
    marked = marked.mutate(new=marked.new.fill_null(False))
    return marked.left_join(told, "as_of").drop("as_of_right")


def first_uses(history: History) -> pd.Series:
    """When each feature was first learned to be used by anybody: to be compared with an as_of. Read once a history."""
    if history not in _FIRST_USES:
        _FIRST_USES[history] = history.first_known("usage", "feature").dropna()
    return _FIRST_USES[history]


def new_features(history: History, as_ofs: Sequence[date]) -> pd.DataFrame:
    """as_of, feature: what anybody at the company was first seen to use in the 84 days before as_of.

    Those that came with the first 84 days of the log itself are not new: nobody knows since when they were there.
    """
    first = first_uses(history)
    if first.empty:
        return pd.DataFrame({"as_of": pd.Series([], dtype="datetime64[us]"), "feature": pd.Series([], dtype=object)})
    span = pd.Timedelta(days=NEW_DAYS)
    later = first[first >= first.min() + span]
    told = pd.DataFrame({"feature": later.index, "known": later.to_numpy()})
    pairs = pd.DataFrame({"as_of": midnights(as_ofs)}).merge(told, how="cross")
    new = (pairs["known"] < pairs["as_of"]) & (pairs["known"] >= pairs["as_of"] - span)
    return pairs.loc[new, ["as_of", "feature"]].reset_index(drop=True)


def _seen(history: History, as_ofs: Sequence[date]) -> ibis.Table:
    """account_id, as_of, contact_id, seen: days since the person last wrote, called or was met, within a year."""
    mails = history.window(MESSAGES.table, as_ofs, SEEN_DAYS)
    parts = [mails.filter(mails.direction == "in")]
    if history.has(MEETINGS.table):
        met = history.window(MEETINGS.table, as_ofs, SEEN_DAYS)
        parts.append(met.filter(met.status == "held"))
    each = [part.filter(part.contact_id.notnull()).select(*KEY, "contact_id", "age") for part in parts]  # noqa: PD004
    rows = ibis.union(*each) if len(each) > 1 else each[0]
    return rows.group_by([*KEY, "contact_id"]).aggregate(seen=rows.age.min())


def _used(history: History, as_ofs: Sequence[date], rows: ibis.Table) -> ibis.Table:
    """Adds `used`: whether the account used the goal's feature within 84 days."""
    log = history.view(USAGE_FEATURES, as_ofs)
    used = log.filter(log.quantity > 0).select(*KEY, "feature").distinct().mutate(used=ibis.literal(True))
    found = rows.left_join(used, [*KEY, "feature"], rname="used_{name}")
    return found.mutate(used=found.used.fill_null(False))
