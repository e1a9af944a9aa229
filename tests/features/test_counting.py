"""Different users and features, counted by bits: the same numbers that rows give, whatever was known when."""

from datetime import date, timedelta

import ibis
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.signal import View
from features.snapshots import KEY
from features.totals.bits import BITS, Layout, Window, expanded, seen
from features.totals.counting import counted, counting

AS_OFS = [date(2025, 2, 1), date(2025, 2, 11), date(2025, 3, 1)]
DAYS = 20
ANY, USED, EARLIER = (
    Window(frozenset(range(1, DAYS + 1)), used=False),
    Window(frozenset(range(1, 8)), used=True),
    Window(frozenset(range(8, 15)), used=True),
)
COLUMNS = {
    "account_id": "string",
    "user_id": "string",
    "day": "date",
    "known_day": "date",
    "superseded_day": "date",
    "quantity": "int64",
}


@st.composite
def _totals(draw):
    day = date(2025, 1, 5) + timedelta(days=draw(st.integers(0, 60)))
    known = day + timedelta(days=draw(st.sampled_from([0, 0, 1, 9, 40])))
    gone = draw(st.sampled_from([None, 1, 12]))
    replaced = None if gone is None else known + timedelta(days=gone)
    return draw(st.sampled_from("ab")), draw(st.sampled_from(["u", "v", None])), day, known, replaced, draw(st.integers(0, 1))


def _expected(rows, as_ofs, windows):
    """Row by row: who was known to have been seen in which window."""
    found = {}
    for account, user, day, known, replaced, quantity in rows:
        for as_of in as_ofs:
            if known >= as_of or (replaced is not None and replaced < as_of):
                continue
            for number, window in enumerate(windows):
                if (as_of - day).days in window.ages and (quantity > 0 or not window.used):
                    found[account, user, as_of] = found.get((account, user, as_of), 0) | 1 << number
    return found


def _told(rows, as_ofs, windows, lag=None):
    totals = ibis.memtable(pd.DataFrame(rows, columns=list(COLUMNS), dtype=object), schema=COLUMNS)
    layout = Layout.of(as_ofs, windows)
    frame = ibis.duckdb.connect().execute(expanded(seen(totals, ("user_id",), layout, lag), layout))
    users = frame["user_id"].astype(object).where(frame["user_id"].notna(), None)
    return dict(zip(zip(frame["account_id"], users, frame["as_of"].dt.date, strict=True), frame["seen"], strict=True))


class TestBits:
    @given(st.lists(_totals(), min_size=1, max_size=8))
    def test_tell_who_was_known_to_be_seen_in_which_window(self, rows):
        assert _told(rows, AS_OFS, [ANY, USED, EARLIER]) == _expected(rows, AS_OFS, [ANY, USED, EARLIER])

    def test_of_more_windows_than_a_number_has_bits_are_kept_in_several_numbers(self):
        as_ofs = [date(2025, 1, 10) + timedelta(days=n) for n in range(50)]
        assert len(Layout.of(as_ofs, [ANY, USED, EARLIER]).chunks) > 50 * 3 // BITS
        rows = [
            ("a", f"u{n}", date(2025, 1, 5) + timedelta(days=n), date(2025, 1, 5) + timedelta(days=n), None, 1) for n in range(40)
        ]
        assert _told(rows, as_ofs, [ANY, USED, EARLIER]) == _expected(rows, as_ofs, [ANY, USED, EARLIER])

    @pytest.mark.parametrize("lag", [0, 3])
    def test_need_no_days_of_knowledge_where_all_rows_are_learned_alike(self, lag):
        days = [date(2025, 1, 12) + timedelta(days=n) for n in range(0, 50, 3)]
        rows = [("a", "u", day, day + timedelta(days=lag), None, 1) for day in days]
        assert _told(rows, AS_OFS, [ANY, USED], lag) == _expected(rows, AS_OFS, [ANY, USED])


VALUES = {
    "users": lambda rows: rows.user_id.nunique(where=(rows.age <= 7) & (rows.quantity > 0)),
    "change": lambda rows: (
        rows.user_id.nunique(where=rows.age <= 7) / rows.user_id.nunique(where=rows.age.between(8, 14) & (rows.quantity > 0))
    ),
    "seats": lambda rows: rows.seats.max() - rows.user_id.nunique(where=rows.quantity > 0),
    "named": lambda rows: rows.user_id.nunique(where=(rows.age > 3) & (rows.user_id == "u")),
    "sum": lambda rows: rows.quantity.sum(where=(rows.age < 15) & rows.user_id.isin(["v"])).fill_null(0),
}
VIEW = View("users", "usage", DAYS, grain=("user_id",), by_day=True)
USES = [
    ("a", "u", "2025-01-28", "2025-01-29", 2),
    ("a", "v", "2025-01-22", "2025-02-20", 3),
    ("a", None, "2025-01-30", "2025-01-30", 1),
    ("b", "v", "2025-02-08", "2025-02-08", 0),
    ("b", "u", "2025-02-25", "2025-02-25", 1),
]


class TestCounting:
    @pytest.mark.parametrize("name", VALUES)
    def test_gives_what_rows_give(self, name, history_of):
        names = ("account_id", "user_id", "occurred_at", "known_at", "quantity")
        accounts = [{"account_id": name, "created_at": "2024-01-01", "known_at": "2024-01-01"} for name in "ab"]
        uses = [dict(zip(names, row, strict=True)) | {"feature": "reports"} for row in USES]
        history = history_of(accounts=accounts, usage=uses)
        rows = history.view(VIEW, AS_OFS)
        frame = pd.DataFrame([(account, pd.Timestamp(day), 4.0) for account in "abc" for day in AS_OFS], columns=[*KEY, "seats"])
        people = history.engine.keep("people", ibis.memtable(frame))
        joined = rows.join(people, KEY)
        values = {name: VALUES[name](joined), "any": joined.user_id.nunique()}
        plan = counting(values, VIEW.grain, DAYS)
        found = counted(plan, history.seen(VIEW, AS_OFS, plan.windows), rows, people, joined, KEY, values)
        told, expected = (
            history.engine.answer(each.semi_join(people, KEY).order_by(KEY).select(*KEY, *values))
            for each in (found, joined.group_by(KEY).aggregate(**values))
        )
        assert len(expected) > 2
        pd.testing.assert_frame_equal(told, expected, check_exact=True, check_dtype=False)

    @pytest.mark.parametrize(
        "value",
        [
            lambda rows: rows.age.min(),
            lambda rows: rows.user_id.nunique(where=rows.age + rows.quantity > 3),
            lambda rows: rows.quantity.sum(where=rows.age < 4),
            lambda rows: rows.user_id.nunique(where=(rows.age < 4) | (rows.quantity > 0)),
            lambda rows: rows.user_id.nunique(where=rows.quantity > 2),
        ],
    )
    def test_leaves_to_the_rows_what_asks_for_more_than_whether_one_was_seen(self, value):
        rows = ibis.table(
            {"account_id": "string", "as_of": "timestamp", "user_id": "string", "age": "int64", "quantity": "int64"}
        )
        assert counting({"value": value(rows), "users": rows.user_id.nunique()}, ("user_id",), DAYS) is None
