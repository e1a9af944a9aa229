"""What every sink must do: one suite, run over each of them. A new sink is added to SINKS and passes, or is not one."""

import csv
import fcntl
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text

from serving.recommendation import Recommendation
from serving.sink import Sink, SinkUnavailableError
from serving.sinks.csv import COLUMNS, CsvSink
from serving.sinks.sql import SqlSink
from serving.store.engine import connect

SINKS = ("csv", "sql-sqlite", "sql-postgres")
AS_OF = date(2026, 3, 2)


def row(account_id: str, **changes) -> Recommendation:
    plain = Recommendation(
        account_id=account_id,
        crm_id="001",
        as_of=AS_OF,
        p_churn_90d=0.723,
        risk_band="critical",
        driver_1="support",
        driver_2=None,
        playbook="product_issue",
        why_en="Tickets repeat.",
        why_es="Las incidencias se repiten.",
        respond_by=datetime(2026, 3, 3, tzinfo=UTC),
        first_step_en="Call.",
        first_step_es="Llame.",
        first_step_owner="csm",
        first_step_due=AS_OF,
        model_version="3",
        link="http://127.0.0.1:8000/accounts/A",
    )
    return replace(plain, **changes)


@dataclass
class Case:
    """A sink, and a way to look into its target past it."""

    sink: Sink
    where: str | Path

    def held(self) -> dict[str, dict[str, str]]:
        """What stands in the target, as text, by account."""
        if isinstance(self.where, Path):
            path = self.where / f"{AS_OF}.csv"
            with path.open(encoding="utf-8", newline="") as file:
                return {line["account_id"]: line for line in csv.DictReader(file)}
        rows = _query(self.where, "SELECT * FROM tenure_risk")
        return {line["account_id"]: {name: "" if cell is None else str(cell) for name, cell in line.items()} for line in rows}

    def remove(self, account_id: str) -> None:
        """Somebody removes the account's row."""
        if isinstance(self.where, Path):
            path = self.where / f"{AS_OF}.csv"
            kept = [line for line in path.read_text().splitlines(keepends=True) if not line.startswith(account_id)]
            path.write_text("".join(kept))
        else:
            _query(self.where, f"DELETE FROM tenure_risk WHERE account_id = '{account_id}'")


def _query(url: str, statement: str) -> list:
    engine = connect(url)
    with engine.begin() as connection:
        found = connection.execute(text(statement))
        rows = [dict(line) for line in found.mappings()] if found.returns_rows else []
    engine.dispose()
    return rows


@pytest.fixture(params=SINKS)
def case(request, tmp_path):
    if request.param == "csv":
        yield Case(CsvSink(tmp_path / "delivered"), tmp_path / "delivered")
        return
    url = f"sqlite:///{tmp_path}/target.db" if request.param == "sql-sqlite" else request.getfixturevalue("postgres_url")
    sink = SqlSink(url)
    yield Case(sink, url)
    sink.close()


def test_every_row_is_written_and_answered_once(case):
    rows = [row("A"), row("B", p_churn_90d=None, risk_band=None), row("C")]
    receipts = case.sink.send(rows)
    assert [(receipt.account_id, receipt.outcome) for receipt in receipts] == [("A", "ok"), ("B", "ok"), ("C", "ok")]
    held = case.held()
    assert set(held) == {"A", "B", "C"}
    assert float(held["A"]["p_churn_90d"]) == 0.723
    assert held["B"]["p_churn_90d"] == ""
    assert set(held["A"]) == set(COLUMNS)


def test_writing_twice_leaves_what_writing_once_leaves(case):
    rows = [row("A"), row("B")]
    case.sink.send(rows)
    once = case.held()
    case.sink.send(rows)
    assert case.held() == once


def test_a_changed_row_takes_the_place_of_the_old_one(case):
    case.sink.send([row("A"), row("B")])
    case.sink.send([row("A", p_churn_90d=0.1, playbook="value_roi")])
    held = case.held()
    assert set(held) == {"A", "B"}
    assert (float(held["A"]["p_churn_90d"]), held["A"]["playbook"]) == (0.1, "value_roi")


def test_names_quotes_line_breaks_and_accents_arrive_as_they_are(case):
    words = 'Ñandú, "Nord"; said:\n¿Cuándo? 💥'
    case.sink.send([row("Ñ,1", why_en=words)])
    assert case.held()["Ñ,1"]["why_en"] == words


def test_a_full_batch_fits(case):
    rows = [row(f"A-{number:05d}") for number in range(case.sink.batch_rows)]
    assert len(case.sink.send(rows)) == case.sink.batch_rows
    assert len(case.held()) == case.sink.batch_rows


def test_it_says_which_rows_it_lost(case):
    rows = [row("A"), row("B")]
    assert case.sink.lost(rows) == {"A", "B"}
    case.sink.send(rows)
    assert case.sink.lost(rows) == set()
    case.remove("A")
    assert case.sink.lost(rows) == {"A"}


def test_its_name_and_target_are_stable_and_hold_no_secret(case):
    assert case.sink.name in ("csv", "sql")
    assert case.sink.target == type(case.sink)(case.where).target
    assert SqlSink("postgresql+pg8000://me:hush@127.0.0.1:1/db").target == "postgresql+pg8000://me:***@127.0.0.1:1/db"
    assert SqlSink("postgresql+pg8000://127.0.0.1:1/db?password=hush").target == "postgresql+pg8000://127.0.0.1:1/db?password=***"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_never_hands_a_spreadsheet_a_formula(tmp_path, start):
    case = Case(CsvSink(tmp_path), tmp_path)
    rows = [row(start, why_en=start)]
    for _ in range(2):
        case.sink.send(rows)
    assert list(case.held()) == [f"'{start}"]
    assert case.held()[f"'{start}"]["why_en"] == f"'{start}"
    assert case.sink.lost(rows) == set()


@pytest.mark.parametrize("zone", [UTC, None, timezone(timedelta(hours=2))])
def test_csv_writes_times_in_utc_with_its_mark_and_days_without(tmp_path, zone):
    case = Case(CsvSink(tmp_path), tmp_path)
    case.sink.send([row("A", respond_by=datetime(2026, 3, 3, 2 if zone not in (UTC, None) else 0, tzinfo=zone))])
    assert (case.held()["A"]["respond_by"], case.held()["A"]["as_of"]) == ("2026-03-03T00:00:00Z", "2026-03-02")


def test_csv_leaves_no_half_written_file_behind(tmp_path, monkeypatch):
    sink = CsvSink(tmp_path)
    sink.send([row("A")])
    before = (tmp_path / "2026-03-02.csv").read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("serving.sinks.csv.os.fsync", fail)
    with pytest.raises(SinkUnavailableError, match="No space left"):
        sink.send([row("B")])
    assert [path.name for path in tmp_path.iterdir()] == ["2026-03-02.csv"]
    assert (tmp_path / "2026-03-02.csv").read_bytes() == before


SPOILED = {
    "excel": lambda raw: raw.replace(b",", b";"),
    "byte order mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "header": lambda raw: raw.replace(b"account_id", b"id", 1),
    "column added": lambda raw: raw.replace(b"\r\n", b",note\r\n"),
    "latin-1": lambda raw: raw.decode().encode("latin-1", "replace"),
    "another file": lambda _: b"{}",
}


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("ask", ["send", "lost"])
def test_csv_leaves_a_file_that_somebody_gave_another_shape_alone_and_says_so(tmp_path, how, ask):
    sink, path = CsvSink(tmp_path), tmp_path / f"{AS_OF}.csv"
    sink.send([row("A", why_es="Núñez")])
    spoiled = SPOILED[how](path.read_bytes())
    path.write_bytes(spoiled)
    with pytest.raises(
        SinkUnavailableError, match=r"2026-03-02\.csv was changed by somebody.*move it away or give another --out"
    ):
        getattr(sink, ask)([row("A", why_es="Núñez")])
    assert path.read_bytes() == spoiled


def test_csv_makes_good_a_file_that_was_cut_anywhere(tmp_path):
    rows = [row("A", why_en='She said "no",\nand left.'), row("B", why_es="Núñez"), row("C")]
    sink, path = CsvSink(tmp_path), tmp_path / f"{AS_OF}.csv"
    sink.send(rows)
    fresh = path.read_bytes()
    for end in range(len(fresh)):
        path.write_bytes(fresh[:end])
        lost = sink.lost(rows)
        assert "C" in lost
        sink.send([each for each in rows if each.account_id in lost])
        assert path.read_bytes() == fresh, f"cut after {end} bytes"


def test_csv_writes_changed_and_doubled_lines_again(tmp_path):
    rows = [row("A"), row("B"), row("C")]
    sink, path = CsvSink(tmp_path), tmp_path / f"{AS_OF}.csv"
    sink.send(rows)
    fresh = path.read_bytes()
    a = next(line for line in fresh.splitlines(keepends=True) if line.startswith(b"A"))
    path.write_bytes(fresh.replace(b"B,001", b"B,002") + a)
    assert sink.lost(rows) == {"A", "B"}
    sink.send(rows[:2])
    assert path.read_bytes() == fresh


@pytest.mark.parametrize("ask", ["send", "lost"])
def test_csv_says_when_a_folder_stands_in_its_files_place(tmp_path, ask):
    (tmp_path / f"{AS_OF}.csv").mkdir()
    with pytest.raises(SinkUnavailableError, match="Is a directory"):
        getattr(CsvSink(tmp_path), ask)([row("A")])


def test_csv_removes_what_a_killed_run_left_half_written_but_not_what_is_being_written(tmp_path):
    (tmp_path / ".killed.part").write_bytes(b"account_id")
    (tmp_path / ".alive.part").touch()
    with (tmp_path / ".alive.part").open("wb") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        CsvSink(tmp_path).send([row("A")])
    assert sorted(path.name for path in tmp_path.iterdir()) == [".alive.part", "2026-03-02.csv"]


@pytest.mark.parametrize("moment", ["before it is locked", "before it is put in its place"])
def test_csv_is_whole_although_another_run_sweeps_at_a_bad_moment(tmp_path, monkeypatch, moment):
    other, swept = CsvSink(tmp_path), []

    def after_a_sweep(call):
        def asked(*given):
            if not swept:
                swept.append(moment)
                other._sweep()
            return call(*given)

        return asked

    owner, name = (fcntl, "flock") if moment == "before it is locked" else (Path, "replace")
    monkeypatch.setattr(owner, name, after_a_sweep(getattr(owner, name)))
    CsvSink(tmp_path).send([row("A")])
    assert swept == [moment]
    assert [path.name for path in tmp_path.iterdir()] == ["2026-03-02.csv"]


def test_csv_keeps_a_file_a_day(tmp_path):
    CsvSink(tmp_path).send([row("A"), row("B", as_of=date(2026, 3, 3))])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-03-02.csv", "2026-03-03.csv"]


def test_sql_refuses_to_write_an_older_day_over_a_newer_one(tmp_path):
    case = Case(SqlSink(f"sqlite:///{tmp_path}/t.db"), f"sqlite:///{tmp_path}/t.db")
    case.sink.send([row("A", p_churn_90d=0.9)])
    receipts = case.sink.send([row("A", as_of=date(2026, 2, 1)), row("B", as_of=date(2026, 2, 1))])
    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [("failed", "older_than_target"), ("ok", None)]
    assert float(case.held()["A"]["p_churn_90d"]) == 0.9


def test_sql_leaves_columns_that_others_added_alone(tmp_path):
    url = f"sqlite:///{tmp_path}/t.db"
    SqlSink(url).send([row("A")])
    _query(url, "ALTER TABLE tenure_risk ADD COLUMN note VARCHAR")
    _query(url, "UPDATE tenure_risk SET note = 'mine'")
    SqlSink(url).send([row("A", p_churn_90d=0.2)])
    assert Case(SqlSink(url), url).held()["A"]["note"] == "mine"


def test_sql_names_the_columns_a_foreign_table_lacks(tmp_path):
    url = f"sqlite:///{tmp_path}/t.db"
    _query(url, "CREATE TABLE tenure_risk (account_id VARCHAR PRIMARY KEY, as_of DATE)")
    with pytest.raises(SinkUnavailableError, match="lacks crm_id, p_churn_90d"):
        SqlSink(url).send([row("A")])


@pytest.mark.parametrize("ask", ["send", "lost"])
def test_a_database_that_is_away_is_unavailable_and_the_message_hides_the_password(ask):
    sink = SqlSink("postgresql+pg8000://me:hush@127.0.0.1:1/db")
    with pytest.raises(SinkUnavailableError) as told:
        getattr(sink, ask)([row("A")])
    assert "127.0.0.1" in str(told.value)
    assert "hush" not in str(told.value)


def test_the_columns_are_those_of_a_recommendation():
    assert set(COLUMNS) == set(asdict(row("A")))
