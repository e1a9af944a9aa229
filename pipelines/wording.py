"""What a run says of itself, for a person and for a machine: the day's scores and a delivery."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from features.check_report import CheckReport
from models.assessment import BANDS
from pipelines.backtesting import BacktestResult
from pipelines.home import Home
from serving.delivery import DeliveryReport
from serving.sinks.sql import RISK
from serving.store.batch import Batch

Row = dict[str, Any]


def check_rows(report: CheckReport) -> list[Row]:
    """The contract check, a row a table."""
    names = ("name", "read", "accepted", "duplicates", "rejected", "late", "first", "last")
    return [{name: getattr(table, name) for name in names} for table in report.tables]


def at_risk(batch: Batch, count: int) -> list[Row]:
    """The accounts with most ARR at risk (probability x ARR), the largest first; accounts without a score are left out."""
    table = batch.assessments.merge(batch.accounts[["account_id", "name"]], on="account_id", how="left")
    chance = table[batch.decision_column]
    table = table.assign(at_risk=chance * table["arr"].fillna(0.0), chance=chance).dropna(subset=["chance"])
    table = table.sort_values(["at_risk", "account_id"], ascending=[False, True]).head(count)
    columns = ["account_id", "name", "chance", "risk_band", "arr", "at_risk", "driver_1", "driver_2", "playbook"]
    return [{str(name): _known(value) for name, value in row.items()} for row in table[columns].to_dict("records")]


def score_document(batch: Batch, out: Path) -> Row:
    """Counts by status and band, and the ARR at risk."""
    table = batch.assessments
    return {
        "as_of": batch.as_of,
        "accounts": len(table),
        "status": _counts(table["status"]),
        "risk_band": {band: int((table["risk_band"] == band).sum()) for band in reversed(BANDS)},
        "arr": float(table["arr"].sum()),
        "arr_at_risk": float((table[batch.decision_column] * table["arr"]).sum()),
        "model_version": next(iter(table["model_version"]), None),
        "out": out,
    }


def score_text(batch: Batch, out: Path) -> str:
    """The same in words."""
    told = score_document(batch, out)
    status = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in told["status"].items())
    bands = ", ".join(f"{count:,} {band}" for band, count in told["risk_band"].items())
    money = f"{told['arr_at_risk']:,.0f} of {told['arr']:,.0f} a year"
    return "\n".join(
        [
            f"{told['accounts']:,} accounts at {batch.as_of} by model version {told['model_version']}: {status}",
            f"risk within {batch.horizon_days} days: {bands}; {money} at risk",
            f"written to {out}" + ("" if score_refused(batch) else " and published"),
        ]
    )


def score_refused(batch: Batch) -> str:
    """That nobody could be scored, so that the day is not published; empty when somebody was."""
    if (batch.assessments["status"] == "scored").any():
        return ""
    return f"No account could be scored at {batch.as_of}. Check the day and what `tenure check` says of the tables."


def backtest_text(result: BacktestResult, out: Path) -> str:
    """The replay in a few numbers, and why a challenger was refused."""
    told = result.totals
    lines = [f"{told['months']:.0f} months replayed, {told['expected']:.0f} churns expected, {told['observed']:.0f} seen"]
    if told["flagged_arr"] == told["flagged_arr"]:
        lines.append(
            f"{told['flagged_arr']:.0%} of the ARR that left was flagged within capacity "
            f"(by the rule score {told['flagged_arr_by_rule_score']:.0%}, by recency {told['flagged_arr_by_recency']:.0%}); "
            f"half of it {told['median_lead_days']:.0f} days ahead or more"
        )
    lines += [f"model of {cut} refused: {why}" for cut, why in result.refusals.items()]
    return "\n".join([*lines, f"report in {out / 'report.html'}"])


def destination(report: DeliveryReport, home: Home) -> str:
    """Where the rows of a delivery go, and what names another place when nobody chose this one."""
    if report.sink == "csv":
        return f"the folder {report.target}, a CSV file a day"
    chosen = "" if home.sink_url_given else " (tenure's own store, as TENURE_SINK_URL names no other database)"
    return f"the table {RISK.name} of {report.target}{chosen}"


def delivery_document(report: DeliveryReport, home: Home, *, dry_run: bool) -> Row:
    """The counts, and where the rows go."""
    return {**asdict(report), "destination": destination(report, home), "dry_run": dry_run}


def delivery_text(report: DeliveryReport, home: Home, *, dry_run: bool) -> str:
    """What became of every planned row, and where it went."""
    where = f"to {destination(report, home)}"
    if dry_run:
        planned, there = f"{report.planned:,} rows would be written", f"{report.unchanged:,} are there already"
        return f"{planned}, {there}. Nothing was written.\n{where}"
    parts = [f"{report.planned:,} planned", f"{report.ok:,} written", f"{report.failed:,} failed"]
    parts += [f"{report.unknown:,} unknown", f"{report.not_tried:,} not tried", f"{report.unchanged:,} unchanged"]
    codes = [f"  failed with {code}: {count:,}" for code, count in report.codes]
    return "\n".join([", ".join(parts), where, *codes])


def delivery_rows(report: DeliveryReport, home: Home) -> list[Row]:
    """The same as a table."""
    counts, where = asdict(report), destination(report, home)
    named = [(name, counts[name]) for name in ("planned", "ok", "failed", "unknown", "not_tried", "unchanged")]
    named += [(f"failed: {code}", count) for code, count in report.codes]
    return [{"rows": name, "count": count, "to": where} for name, count in named]


def delivery_refused(report: DeliveryReport, *, dry_run: bool) -> str:
    """Why a delivery is not complete; empty when it is, or when it was a dry run."""
    if dry_run or report.complete:
        return ""
    stopped = f": {report.stopped}" if report.stopped else ""
    return f"{report.planned - report.ok:,} of {report.planned:,} rows were not confirmed{stopped}. Run it again to send them."


def _counts(column: "pd.Series[str]") -> dict[str, int]:
    return {str(name): int(count) for name, count in column.value_counts().items()}


def _known(value: Any) -> Any:
    """None for what is missing."""
    return None if value is None or value is pd.NA or value != value else value  # noqa: PLR0124 - NaN is unequal to itself
