"""Questions to the store, inside one connection (so that all answers are about one state of it)."""

import json
from datetime import date
from typing import Any

from sqlalchemy import Connection, FromClause, RowMapping, Select, and_, func, select

from serving import value_summary
from serving.remediation import rows_from_json
from serving.store import voices
from serving.store.filters import Filters
from serving.store.records import (
    Account,
    Coverage,
    Driver,
    EvidenceRow,
    HistoryPoint,
    Horizon,
    Listed,
    Measure,
    Plan,
    Queue,
    SecondOutcome,
    Totals,
    WhatIf,
)
from serving.store.schema import (
    ACCOUNTS,
    ASSESSMENTS,
    BATCHES,
    COVERAGE,
    DRIVERS,
    EVIDENCE,
    INSIGHTS,
    PLAN_PARTS,
    PLANS,
    SECOND_OUTCOMES,
    SILENCES,
    WAITS,
)

JOINED = ASSESSMENTS.outerjoin(
    ACCOUNTS, (ASSESSMENTS.c.as_of == ACCOUNTS.c.as_of) & (ASSESSMENTS.c.account_id == ACCOUNTS.c.account_id)
)
WHO = [column for column in ACCOUNTS.columns if column.name not in ("as_of", "account_id", "searched_as")]


def latest_as_of(connection: Connection) -> date | None:
    """The newest published day; None while nothing was published."""
    newest: date | None = connection.execute(select(func.max(BATCHES.c.as_of))).scalar_one()
    return newest


def queue(connection: Connection, filters: Filters, *, page: int, page_rows: int) -> Queue | None:
    """One page of the newest day's accounts, most revenue at risk first; None while nothing was published.

    A page past the last one has no rows. Accounts without a score come last.
    """
    as_of = latest_as_of(connection)
    if as_of is None:
        return None
    totals = _totals(connection, filters, as_of)
    rows = connection.execute(
        _listed(filters, as_of)
        .order_by(ASSESSMENTS.c.arr_at_risk.desc().nulls_last(), ASSESSMENTS.c.account_id)
        .limit(page_rows)
        .offset((page - 1) * page_rows)
    ).mappings()
    return Queue(
        as_of=as_of,
        horizon_days=_horizon_days(connection, as_of),
        rows=tuple(Listed(**_who(row)) for row in rows),
        totals=totals,
        page=page,
        pages=max(1, -(-totals.accounts // page_rows)),
        csms=_choices(connection, ACCOUNTS.c.csm, as_of),
        playbooks=_choices(connection, ASSESSMENTS.c.playbook, as_of),
    )


def account(connection: Connection, account_id: str, as_of: date | None) -> Account | None:
    """The account at `as_of`, or at the newest day that holds it; None when there is none."""
    day = as_of or _last_day_of(connection, account_id)
    if day is None:
        return None
    chosen = (ASSESSMENTS.c.as_of == day) & (ASSESSMENTS.c.account_id == account_id)
    row = connection.execute(select(ASSESSMENTS, *WHO).select_from(JOINED).where(chosen)).mappings().one_or_none()
    if row is None:
        return None
    past = history(connection, account_id)
    return Account(
        **_who(row),
        **{name: row[name] for name in ("as_of", "margin", "base", "margin_from", "margin_to")},
        newest=day == latest_as_of(connection),
        horizon_days=_horizon_days(connection, day),
        horizons=tuple(Horizon(days=int(days), probability=p) for days, p in json.loads(row["horizons"]).items()),
        drivers=drivers(connection, account_id, day),
        evidence=evidence(connection, account_id, day),
        plan=None if row["arm"] == "holdout" else plan(connection, account_id, day),
        second_outcomes=second_outcomes(connection, account_id, day),
        coverage=coverage(connection, account_id, day),
        history=tuple(point for point in past if point.as_of <= day),
        feedback=tuple(each for each in voices.said(connection, account_id) if each.as_of <= day),
    )


def history(connection: Connection, account_id: str) -> tuple[HistoryPoint, ...]:
    """What every published day said of the account, oldest first; empty for an unknown account."""
    rows = connection.execute(
        select(ASSESSMENTS.c.as_of, ASSESSMENTS.c.p_decision, ASSESSMENTS.c.risk_band)
        .where(ASSESSMENTS.c.account_id == account_id)
        .order_by(ASSESSMENTS.c.as_of)
    )
    return tuple(HistoryPoint(as_of=day, probability=p, risk_band=band) for day, p, band in rows)


def drivers(connection: Connection, account_id: str, as_of: date) -> tuple[Driver, ...]:
    """The families' pushes on the account's risk, the strongest first."""
    same = and_(*(DRIVERS.c[name] == INSIGHTS.c[name] for name in ("as_of", "account_id", "family")))
    rows = connection.execute(
        select(DRIVERS, *(INSIGHTS.c[name] for name in ("chance", "since", "before", "what_if")))
        .select_from(DRIVERS.outerjoin(INSIGHTS, same))
        .where(DRIVERS.c.as_of == as_of, DRIVERS.c.account_id == account_id)
        .order_by(func.abs(DRIVERS.c.push).desc().nulls_last(), DRIVERS.c.family)
    ).mappings()
    return tuple(
        Driver(**{**row, "measures": tuple(Measure(**m) for m in _json(row["evidence"])), "what_if": _what_if(row["what_if"])})
        for row in rows
    )


def _what_if(told: str | None) -> WhatIf | None:
    return None if told is None else WhatIf(**_json(told))


def evidence(connection: Connection, account_id: str, as_of: date) -> tuple[EvidenceRow, ...]:
    """The raw rows behind the drivers, newest first."""
    rows = connection.execute(
        select(EVIDENCE)
        .where(EVIDENCE.c.as_of == as_of, EVIDENCE.c.account_id == account_id)
        .order_by(EVIDENCE.c.at.desc().nulls_last(), EVIDENCE.c.table, EVIDENCE.c.row_id)
    ).mappings()
    return tuple(EvidenceRow(**{**row, "row": _json(row["row"])}) for row in rows)


def plan(connection: Connection, account_id: str, as_of: date) -> Plan | None:
    """The account's play with its steps; None when it has none."""
    row = connection.execute(_plans(as_of).where(PLANS.c.account_id == account_id)).mappings().one_or_none()
    return None if row is None else _plan_of(row)


def work(connection: Connection) -> tuple[date, tuple[tuple[Listed, Plan], ...]] | None:
    """The newest day, and every account with a play on it that is not held out, with its plan; None before any day."""
    as_of = latest_as_of(connection)
    if as_of is None:
        return None
    plans = {row["account_id"]: _plan_of(row) for row in connection.execute(_plans(as_of)).mappings()}
    chosen = select(ASSESSMENTS, *WHO).select_from(JOINED).where(ASSESSMENTS.c.as_of == as_of, ASSESSMENTS.c.arm != "holdout")
    rows = connection.execute(chosen.order_by(ASSESSMENTS.c.account_id)).mappings()
    return as_of, tuple((Listed(**_who(row)), plans[row["account_id"]]) for row in rows if row["account_id"] in plans)


def coverage(connection: Connection, account_id: str, as_of: date) -> tuple[Coverage, ...]:
    """Which tables know the account, by name."""
    rows = connection.execute(
        select(COVERAGE).where(COVERAGE.c.as_of == as_of, COVERAGE.c.account_id == account_id).order_by(COVERAGE.c.table)
    ).mappings()
    asked = select(SILENCES.c.table, SILENCES.c.last_at).where(SILENCES.c.as_of == as_of, SILENCES.c.account_id == account_id)
    silent = {table: _day(last) for table, last in connection.execute(asked)}
    return tuple(
        Coverage(**{**row, "covered_from": _day(row["covered_from"]), "silent_since": silent.get(row["table"])}) for row in rows
    )


def second_outcomes(connection: Connection, account_id: str, as_of: date) -> tuple[SecondOutcome, ...]:
    """What else than leaving at a decision may happen, by name; empty for an account that was not scored."""
    table = SECOND_OUTCOMES.c
    rows = connection.execute(
        select(SECOND_OUTCOMES).where(table.as_of == as_of, table.account_id == account_id).order_by(table.outcome)
    ).mappings()
    days = {int(name[2:-1]): name for name in map(str, table.keys()) if name.startswith("p_")}
    return tuple(
        SecondOutcome(
            **{name: row[name] for name in ("outcome", "lost_share", "family")},
            horizons=tuple(Horizon(days=day, probability=row[name]) for day, name in days.items() if row[name] is not None),
        )
        for row in rows
    )


def _plans(as_of: date) -> Select[Any]:
    beside: FromClause = PLANS
    for table in (WAITS, PLAN_PARTS):
        beside = beside.outerjoin(table, (PLANS.c.as_of == table.c.as_of) & (PLANS.c.account_id == table.c.account_id))
    told = [column for column in PLAN_PARTS.columns if column.name not in ("as_of", "account_id")]
    chosen = select(PLANS, WAITS.c.wait, WAITS.c.wait_until, *told)
    return chosen.select_from(beside).where(PLANS.c.as_of == as_of)


def _plan_of(row: RowMapping) -> Plan:
    parsed = {name: _json(row[name]) for name in ("modifiers", "reasons", "steps")}
    plain = {name: row[name] for name in ("playbook", "runner_up", "wait", "wait_until", "fit", "worth", "price_driver")}
    return Plan(**plain, **parsed, problems=rows_from_json(row["problems"]), value=value_summary.from_json(row["value"]))


def _listed(filters: Filters, as_of: date) -> Select[Any]:
    return select(ASSESSMENTS, *WHO).select_from(JOINED).where(*filters.conditions(as_of))


def _totals(connection: Connection, filters: Filters, as_of: date) -> Totals:
    counted = (
        select(
            ASSESSMENTS.c.risk_band,
            func.count(),
            func.count(ASSESSMENTS.c.p_decision),
            func.coalesce(func.sum(ASSESSMENTS.c.arr), 0.0),
            func.coalesce(func.sum(ASSESSMENTS.c.arr_at_risk), 0.0),
        )
        .select_from(JOINED)
        .where(*filters.conditions(as_of))
        .group_by(ASSESSMENTS.c.risk_band)
    )
    rows = connection.execute(counted).all()
    return Totals(
        accounts=sum(row[1] for row in rows),
        scored=sum(row[2] for row in rows),
        arr=sum(row[3] for row in rows),
        arr_at_risk=sum(row[4] for row in rows),
        by_band={row[0]: row[1] for row in rows if row[0] is not None},
    )


def _choices(connection: Connection, column: Any, as_of: date) -> tuple[str, ...]:
    found = select(column).where(column.table.c.as_of == as_of, column.is_not(None)).distinct().order_by(column)
    return tuple(connection.execute(found).scalars())


def _horizon_days(connection: Connection, as_of: date) -> int:
    chosen = select(BATCHES.c.horizon_days).where(BATCHES.c.as_of == as_of)
    return int(connection.execute(chosen).scalar_one())


def _last_day_of(connection: Connection, account_id: str) -> date | None:
    held = select(func.max(ASSESSMENTS.c.as_of)).where(ASSESSMENTS.c.account_id == account_id)
    newest: date | None = connection.execute(held).scalar_one()
    return newest


def _who(row: RowMapping) -> dict[str, Any]:
    known = {name: row[name] for name in Listed.model_fields if name in row}
    return {
        **known,
        "name": row["name"] or row["account_id"],
        "strategic": bool(row["strategic"]),
        "renews_at": _day(row["renews_at"]),
        "probability": row["p_decision"],
    }


def _json(words: str) -> Any:
    """The value of a JSON text; numbers that JSON does not know (NaN) read as missing."""
    return json.loads(words, parse_constant=lambda _: None)


def _day(moment: Any) -> date | None:
    return None if moment is None else moment.date()
