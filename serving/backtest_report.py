"""The back-test as one page: what the queue would have caught, how early, beside what simpler rankings would have."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from features.languages import Language
from serving.figures.plot import Axis, Line, plot
from serving.web import numerals
from serving.web.numerals import UNKNOWN
from serving.web.templating import document
from serving.web.words import Words

TEMPLATES = Path(__file__).parent / "reports"
REPORTS: dict[Language, str] = {"en": "report.html", "es": "report.es.html"}
RANKINGS = ("queue", "probability", "rule_score", "recency")
DRAWN = ("queue", "rule_score", "recency")
EARLY_DAYS = 60
STYLES = ("base.css", "figures.css", "card.css", "report.css")


def render(
    months: pd.DataFrame,
    early: pd.DataFrame,
    totals: Mapping[str, float],
    refusals: Mapping[str, str],
    *,
    start: date,
    until: date,
    horizon_days: int,
    capacity_share: float,
    language: Language,
    currency: str,
) -> str:
    """The report as HTML that needs no other file. Without a champion in any month it says so and why; NaN is a dash.

    `early` as `models.backtest.earliness` gives it. What the refused models fell short of is told in English.
    """
    words = Words(language)
    days = [numerals.short_date(day, language) for day in (start, until)]
    shown = {
        "title": words.say("report.title", start=days[0], until=days[1]),
        "intro": words.say("report.intro", share=numerals.share(capacity_share, language), days=horizon_days),
        "tiles": _tiles(totals, early, words),
        "rankings": [_ranking(name, totals, early, words) for name in RANKINGS],
        "months": [_month(month, words, currency) for month in months.to_dict("records")],
        "note": words.say("report.note", days=horizon_days),
        "early_title": words.say("report.early", days=EARLY_DAYS),
        "picture": _picture(early, words),
        "refusals": refusals,
    }
    return document(TEMPLATES, "backtest.html", words, STYLES, **shown)


def _tiles(totals: Mapping[str, float], early: pd.DataFrame, words: Words) -> list[tuple[str, str, str]]:
    """Label, number and note of the figures at the head."""
    say, language = words.say, words.language
    value, low, high = _early(early, "queue")
    lead, ratio = totals["median_lead_days"], totals["observed_expected"]
    churns = say(
        "report.churns",
        expected=numerals.number(totals["expected"], language),
        observed=numerals.number(totals["observed"], language),
    )
    return [
        (say("report.caught"), _share(totals["flagged_arr"], words), say("report.caught_note")),
        (say("report.precision"), _share(totals["precision"], words), say("report.precision_note")),
        (say("report.early", days=EARLY_DAYS), _share(value, words), _interval(low, high, words)),
        (
            say("report.lead"),
            UNKNOWN if pd.isna(lead) else say("report.days", days=numerals.number(lead, language)),
            say("report.lead_note"),
        ),
        (say("report.level"), UNKNOWN if pd.isna(ratio) else numerals.number(ratio, language), churns),
    ]


def _ranking(name: str, totals: Mapping[str, float], early: pd.DataFrame, words: Words) -> dict[str, str]:
    """One line of the comparison: the share of churned revenue, as words and as a width, precision and earliness."""
    ending = "" if name == "queue" else f"_by_{name}"
    caught = totals.get(f"flagged_arr{ending}", float("nan"))
    value, low, high = _early(early, name)
    return {
        "name": words.say(f"report.by_{name}"),
        "caught": _share(caught, words),
        "width": "0" if pd.isna(caught) else f"{100 * caught:.0f}",
        "precision": _share(totals.get(f"precision{ending}", float("nan")), words),
        "early": _share(value, words),
        "interval": _interval(low, high, words),
    }


def _month(month: Mapping[Any, Any], words: Words, currency: str) -> dict[str, object]:
    """One month as words."""
    language, number = words.language, {str(name): float(month[name]) for name in month if name not in ("as_of", "model_until")}
    churned = number["churned_arr"]
    return {
        "day": numerals.short_date(pd.Timestamp(str(month["as_of"])).date(), language),
        "model": str(month["model_until"]),
        "accounts": numerals.number(number["accounts"], language),
        "over": bool(number["matured"]),
        "expected": numerals.number(number["expected"] if number["matured"] else number["expected_all"], language),
        "observed": numerals.number(number["observed"], language),
        "auc": UNKNOWN if pd.isna(number["auc"]) else numerals.measure(number["auc"], language),
        "precision": _share(number["worked_left"] / number["worked"] if number["worked"] else float("nan"), words),
        "churned": numerals.money(churned, currency, language),
        "flagged": _share(number["flagged_arr"] / churned if churned else float("nan"), words),
    }


def _picture(early: pd.DataFrame, words: Words) -> Markup | None:
    """Share of the churned revenue flagged at least so many days ahead; None when nobody left."""
    lines = []
    for number, name in enumerate(DRAWN):
        part = early.loc[(early["model"] == name) & (early["metric"] == "alerted")]
        points = list(zip(part["days"].astype(float), part["value"].astype(float), strict=True))
        ends = [part[end].astype(float).tolist() for end in ("low", "high")] if name == "queue" else [[], []]
        lines.append(Line(words.say(f"report.by_{name}"), f"c{number}", points, *ends))
    if not lines[0].points:
        return None
    end = max(1.0, lines[0].points[-1][0])
    x = Axis(words.say("card.axis_ahead"), end, [(day, str(day)) for day in range(0, int(end) + 1, 15)])
    y = Axis(words.say("card.axis_alerted"), 1.0, [(n / 5, numerals.share(n / 5, words.language)) for n in range(6)])
    told = ", ".join(
        words.say("card.alerted_point", days=f"{days:g}", share=_share(share, words)) for days, share in lines[0].points
    )
    return Markup(plot(lines, x, y, description=words.say("card.alerted_said", points=told)))  # noqa: S704 - escaped in figures.svg


def _early(early: pd.DataFrame, ranking: str) -> tuple[float, float, float]:
    """The share of churned revenue flagged 60 days ahead, with its interval; NaN when too few left."""
    found = early.loc[(early["model"] == ranking) & (early["metric"] == "alerted") & (early["days"] == EARLY_DAYS)]
    if found.empty:
        return float("nan"), float("nan"), float("nan")
    value, low, high = found[["value", "low", "high"]].astype(float).to_numpy()[0].tolist()
    return value, low, high


def _interval(low: float, high: float, words: Words) -> str:
    if pd.isna(low):
        return words.say("report.unmeasured")
    return words.say("report.interval", low=_share(low, words), high=_share(high, words))


def _share(value: float, words: Words) -> str:
    return UNKNOWN if pd.isna(value) else numerals.share(value, words.language)
