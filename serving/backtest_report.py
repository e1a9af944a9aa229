"""The back-test as one page: what the queue would have caught, month by month, beside what simpler rankings would have."""

import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, select_autoescape

FOLDER = Path(__file__).parent / "reports"
RANKINGS = {
    "flagged_arr": "the queue (probability × ARR)",
    "flagged_arr_by_probability": "probability alone",
    "flagged_arr_by_rule_score": "the rule score",
    "flagged_arr_by_recency": "days since last use",
}


def render(
    months: pd.DataFrame,
    totals: Mapping[str, float],
    refusals: Mapping[str, str],
    *,
    start: date,
    until: date,
    horizon_days: int,
    capacity_share: float,
) -> str:
    """The report as HTML that needs no other file. Without a champion in any month it says so and why; NaN is left out."""
    pages = Environment(loader=FileSystemLoader(FOLDER), autoescape=select_autoescape())
    known = {name: value for name, value in totals.items() if not math.isnan(value)}
    return pages.get_template("backtest.html").render(
        months=months.to_dict("records"),
        totals=known,
        shares=[(label, known[name]) for name, label in RANKINGS.items() if name in known],
        refusals=refusals,
        start=start,
        until=until,
        horizon_days=horizon_days,
        capacity_share=capacity_share,
    )
