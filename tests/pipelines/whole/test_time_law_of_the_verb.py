"""The time law from end to end: what was learned at or after as_of changes no byte of what `tenure features` writes."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.tables import TABLES
from features.world.generate import World, generate, write
from pipelines import steps
from pipelines.home import Home
from tests.pipelines.whole.conftest import changed, quiet

AS_OF = date(2026, 3, 1)
NOW = pd.Timestamp(AS_OF)
MOMENTS = (NOW, NOW, NOW + pd.Timedelta(hours=3), NOW + pd.Timedelta(days=400))
FAR = (pd.Timestamp("1931-05-01"), NOW - pd.Timedelta(days=3), NOW, pd.Timestamp("2190-01-01"))
HUGE = 1e14  # account-day totals of use refuse more


@dataclass(frozen=True)
class Written:
    """The two files of `tenure features`."""

    features: bytes
    coverage: bytes
    frame: pd.DataFrame


@pytest.fixture(scope="module")
def tables(params):
    """A small company that goes on for four months after as_of, with attributes and late rows, in no special order."""
    world = changed(params, world={"end": date(2026, 7, 1)}).world
    return generate(14, 9, 21, world, [rival.name for rival in params.text.competitors]).tables


@pytest.fixture(scope="module")
def written(params, tmp_path_factory):
    """`written(tables)` -> what the verb makes of them."""

    def made(tables) -> Written:
        folder = tmp_path_factory.mktemp("tables")
        write(World(tables, {}), folder / "in")
        prepared = steps.prepare(str(folder / "in"), "contract", Home(folder / "home"), params)
        out = folder / "features.parquet"
        steps.features(prepared, [AS_OF], out, params, quiet)
        coverage = steps.coverage_path(out)
        return Written(out.read_bytes(), coverage.read_bytes(), pd.read_parquet(out))

    return made


@pytest.fixture(scope="module")
def plain(written, tables):
    return written(tables)


def same(one: Written, other: Written):
    pd.testing.assert_frame_equal(one.frame, other.frame, check_exact=True)  # says where they differ
    assert one.features == other.features
    assert one.coverage == other.coverage


def known(tables):
    return {name: frame.loc[frame["known_at"] < NOW].reset_index(drop=True) for name, frame in tables.items()}


def absurd(name, frame, draws):
    """Rows learned at or after as_of: versions of what is known, with huge numbers and times far off, and accounts nobody knows."""
    some = frame.sample(n=min(len(frame), 40), random_state=int(draws.integers(99))).reset_index(drop=True)
    for column in TABLES[name].columns:
        if column.name not in some or column.name in TABLES[name].key:
            continue
        if column.kind == "number":
            highest = HUGE if column.maximum is None else column.maximum
            some[column.name] = np.full(len(some), highest)
        elif column.kind == "time" and name != "subscriptions":
            some[column.name] = pd.Series(draws.choice(np.array(FAR, dtype="datetime64[us]"), len(some)))
        elif column.allowed:
            some[column.name] = pd.Series(draws.choice(column.allowed, len(some)), dtype=some[column.name].dtype)
    for attribute in [each for each in some if each.startswith("attr_")]:
        some[attribute] = pd.Series(["no number"] * len(some))
    strangers = some.assign(account_id="stranger-" + some["account_id"].astype(str))
    ids = [key for key in TABLES[name].key if key.endswith("_id") and key != "account_id" and key in some]
    new = some.assign(**{key: "new-" + some[key].astype(str) for key in ids})
    made = pd.concat([some, strangers, *([new] if ids else [])], ignore_index=True)
    if name == "usage":
        made["feature"] = "not_yet_built"
    made["known_at"] = pd.Series(draws.choice(np.array(MOMENTS, dtype="datetime64[us]"), len(made)))
    return made


def with_absurd_rows(tables):
    draws = np.random.default_rng(4)
    made = {}
    for name, frame in tables.items():
        added = absurd(name, frame, draws)
        texts = {column: frame[column].astype(object) for column in frame if column.startswith("attr_")}
        made[name] = pd.concat([frame.assign(**texts), added], ignore_index=True)
    accounts = made["accounts"]
    later = accounts["known_at"] >= NOW
    made["accounts"] = accounts.assign(attr_first_heard_of_later=pd.Series(np.where(later, 7.0, np.nan)))
    for column in [each for each in accounts if each.startswith("attr_")]:
        made["accounts"][column] = accounts[column].map(lambda value: None if pd.isna(value) else str(value))
    return made


def test_there_is_much_that_could_be_told_too_early(tables, plain):
    for name in ("usage", "tickets", "messages", "subscriptions", "renewals", "accounts"):
        frame = tables[name]
        assert (frame["known_at"] < NOW).sum() > 5
        assert (frame["known_at"] >= NOW).sum() > 0 or name == "accounts"
    assert len(plain.frame) > 5
    assert plain.frame.notna().mean(axis=None) > 0.5
    assert [column for column in plain.frame if column.startswith("attr_")]


def test_deleting_every_row_learned_at_or_after_as_of_changes_nothing(tables, plain, written):
    same(plain, written(known(tables)))


def test_absurd_rows_learned_at_or_after_as_of_change_nothing(tables, plain, written):
    same(plain, written(with_absurd_rows(tables)))


def test_the_order_of_the_rows_changes_nothing(tables, plain, written):
    same(plain, written({name: frame.sample(frac=1, random_state=3) for name, frame in tables.items()}))


def test_a_row_learned_just_before_as_of_does_change_it(tables, plain, written):
    row = {"ticket_id": "late", "account_id": plain.frame["account_id"].iloc[0], "opened_at": NOW - pd.Timedelta(days=2)}
    added = pd.DataFrame([row | {"kind": "bug", "known_at": NOW - pd.Timedelta(seconds=1)}])
    typed = pd.DataFrame({column: added[column].astype(tables["tickets"][column].dtype) for column in added})
    more = {**tables, "tickets": pd.concat([tables["tickets"], typed], ignore_index=True)}
    found = written(more)
    assert found.frame["bugs_90d"].iloc[0] == plain.frame["bugs_90d"].iloc[0] + 1
