import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from models.assessment import Assessed
from pipelines.partitions import in_turn, joined, parts_of

NAMES = st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=30, unique=True)


def rows_of(names):
    return pd.DataFrame({"account_id": sorted(names), "as_of": pd.Timestamp("2025-01-01")})


def assess(part):
    """Stands for anything that depends on one account's row alone."""
    lengths = part.rows.assign(length=part.rows["account_id"].str.len())
    return Assessed(part.rows.assign(status=part.statuses), lengths, lengths.assign(outcome="early"))


@given(names=NAMES, count=st.integers(1, 9))
def test_any_number_of_parts_gives_what_one_gives(names, count):
    rows = rows_of(names)
    status = rows["account_id"].str.len().astype(str)
    whole = joined(in_turn(assess, parts_of(rows, status, 1)))
    split = joined(in_turn(assess, parts_of(rows, status, count)))
    pd.testing.assert_frame_equal(split.assessments, whole.assessments)
    pd.testing.assert_frame_equal(split.pushes, whole.pushes)
    pd.testing.assert_frame_equal(split.second, whole.second)


def test_an_account_stays_in_its_part_whoever_else_is_there():
    many, few = rows_of([f"A{n}" for n in range(50)]), rows_of(["A7", "A8"])
    status = pd.Series("scored", index=many.index)
    place = {name: k for k, part in enumerate(parts_of(many, status, 4)) for name in part.rows["account_id"]}
    found = parts_of(few, status[:2], 4)
    together = place["A7"] == place["A8"]
    assert (len(found) == 1) == together


def test_nobody_is_one_empty_part():
    rows = rows_of([])
    parts = parts_of(rows, pd.Series([], dtype=object), 4)
    assert [len(part.rows) for part in parts] == [0]
