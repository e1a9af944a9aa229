"""From an assessment to work: the play, its reasons, its dated steps, the effort, the clock and the arm of each account."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pandas as pd

from features.efforts import Effort
from features.heard import Heard
from features.languages import LANGUAGES
from serving import value_summary
from serving.choosing import Driver
from serving.learning.assigning import assign_all
from serving.learning.experience import NOTHING, Experience
from serving.learning.learned import Estimate
from serving.matching import AccountView, Suggestion, suggest
from serving.params import LearningParams, TriageParams
from serving.patience import Patience, patience
from serving.plan import plan_for
from serving.play import Play
from serving.remediation import Row, remediation, rows_to_json
from serving.store.batch import PLAN_COLUMNS
from serving.triage import called_for, expected_value, flagged, triage_account
from serving.worth import Worth, fit_of, save_chance, worth_of

SERVING_COLUMNS = ("playbook", "effort_tier", "save_probability", "expected_value", "respond_by", "arm")


@dataclass(frozen=True)
class Planned:
    """`assessments` with the columns that serving adds; `plans`: one row an account with a play, as PLAN_COLUMNS.

    `modifiers` is a JSON list, `reasons` a JSON object language -> sentences, `steps` a JSON list of {due, owner, phase,
    action, done, text: {en, es}} by day; `wait` (`running`, `tired`) says why no new effort begins before `wait_until`;
    `fit` and `worth` are those of `serving.worth`, `problems` and `value` JSON (`serving.remediation`, `serving.value_summary`).
    `assignments`: how each account with a play came to its arm, see `serving.learning.log`.
    """

    assessments: pd.DataFrame
    plans: pd.DataFrame
    assignments: pd.DataFrame


def plan_all(
    assessments: pd.DataFrame,
    drivers: pd.DataFrame,
    matrix: pd.DataFrame,
    strategic: Collection[str],
    plays: Mapping[str, Play],
    triage: TriageParams,
    learning: LearningParams,
    *,
    as_of: date,
    decision_column: str,
    efforts: Mapping[str, Effort],
    experience: Experience = NOTHING,
    heard: Mapping[str, Sequence[Heard]] = MappingProxyType({}),
) -> Planned:
    """Triage, suggest and plan every scored account that calls for a play; one that was not scored says so by its status.

    `matrix` holds the signals at as_of, `drivers` a row an account and family, `strategic` the ids of strategic accounts,
    `efforts` the newest save attempt on an account that had one, `experience` what earlier days left: where it knows what a
    play saves, that is weighed with the table's chance; `heard` the words of the customers that a plan quotes.
    """
    values = {str(row["account_id"]): row for row in matrix.to_dict("records")}
    causes = _drivers(assessments, drivers)
    added: list[dict[str, Any]] = []
    plans: list[dict[str, Any]] = []
    for row in assessments.to_dict("records"):
        account = str(row["account_id"])
        if row["status"] != "scored":
            added.append(dict.fromkeys(SERVING_COLUMNS))
            continue
        signals = {str(name): _number(value) for name, value in values[account].items()}
        view = _view(row, signals, causes.get(account, ()), account in strategic, triage, row[decision_column])
        suggestion = suggest(view, plays) if _called_for(view, row, triage) else None
        added.append(_columns(suggestion, view, as_of, experience.saves, triage))
        if suggestion is not None:
            stop = patience(efforts.get(account), as_of, flagged=flagged(view.facts(), triage), params=triage)
            chances = {driver.family: driver.chance for driver in view.drivers}
            fit = fit_of(suggestion.answers, chances)
            worth = worth_of(
                p_ahead=_p_ahead(row),
                arr=view.arr,
                fit=fit,
                chance=added[-1]["save_probability"],
                tier=view.triage.tier,
                params=triage,
            )
            found = remediation(view.facts(), chances, as_of=as_of, holidays=triage.holidays, most=triage.plan_rows)
            plans.append(
                _plan(suggestion, account, plays, as_of, triage.holidays)
                | _waits(stop)
                | _parts(worth, suggestion, found, value_summary.value_summary(view.facts(), heard.get(account, ())))
            )
    columns = pd.DataFrame(added, columns=list(SERVING_COLUMNS), index=assessments.index)
    columns["respond_by"] = pd.to_datetime(columns["respond_by"], utc=True)
    planned = assessments.join(columns)
    waiting = {row["account_id"] for row in plans if row["wait"] is not None}
    log = assign_all(
        planned, strategic, waiting, experience.episodes, triage, learning, as_of=as_of, decision_column=decision_column
    )
    arms = planned["account_id"].map(log.set_index("account_id")["arm"])
    planned["arm"] = arms.where(arms.notna(), planned["arm"])
    return Planned(planned, pd.DataFrame(plans, columns=list(PLAN_COLUMNS)), log)


def _view(
    row: Mapping[Any, Any],
    signals: dict[str, float | None],
    drivers: Sequence[Driver],
    strategic: bool,
    params: TriageParams,
    p_churn: float,
) -> AccountView:
    arr, band = _number(row["arr"]), row["risk_band"]
    verdict = triage_account(
        signals=signals,
        arr=arr,
        strategic=strategic,
        days_to_renewal=signals.get("days_to_renewal"),
        p_churn=p_churn,
        risk_band=band,
        params=params,
    )
    return AccountView(
        account_id=str(row["account_id"]),
        p_churn=p_churn,
        risk_band=band,
        arr=arr,
        strategic=strategic,
        days_to_renewal=signals.get("days_to_renewal"),
        tenure_days=signals.get("tenure_days"),
        drivers=tuple(drivers),
        signals=signals,
        status=row["status"],
        triage=verdict,
        health=_number(row.get("health")),
    )


def _called_for(view: AccountView, row: Mapping[Any, Any], params: TriageParams) -> bool:
    return called_for(
        view.triage,
        facts=view.facts(),
        risk_band=view.risk_band,
        p_ahead=_p_ahead(row),
        arr=view.arr,
        params=params,
    )


def _p_ahead(row: Mapping[Any, Any]) -> float | None:
    """The probability over the longest horizon scored."""
    ahead = [_number(value) for name, value in row.items() if str(name).startswith("p_churn_")]
    return max((p for p in ahead if p is not None), default=None)


def _columns(
    suggestion: Suggestion | None, view: AccountView, as_of: date, saves: Mapping[str, Estimate], params: TriageParams
) -> dict[str, Any]:
    verdict = view.triage
    measured = None if suggestion is None else saves.get(suggestion.playbook)
    chance = save_chance(verdict.save_probability, measured, params)
    return {
        "playbook": None if suggestion is None else suggestion.playbook,
        "effort_tier": verdict.tier,
        "save_probability": chance,
        "expected_value": expected_value(view.p_churn, view.arr, chance, verdict.tier, params),
        "respond_by": pd.Timestamp(as_of, tz="UTC") + timedelta(hours=verdict.respond_within_hours),
        "arm": "treated",
    }


def _plan(
    suggestion: Suggestion, account: str, plays: Mapping[str, Play], as_of: date, holidays: Collection[date]
) -> dict[str, Any]:
    said = {lang: plan_for(suggestion, plays, as_of=as_of, language=lang, holidays=holidays) for lang in LANGUAGES}
    steps = [
        {
            "due": step.due.isoformat(),
            "owner": step.owner_role,
            "phase": step.phase,
            "action": step.action,
            "done": step.already_done,
            "text": {lang: said[lang][number].text for lang in LANGUAGES},
        }
        for number, step in enumerate(said[LANGUAGES[0]])
    ]
    reasons = {lang: [reason.in_language(lang) for reason in suggestion.reasons] for lang in LANGUAGES}
    return {
        "account_id": account,
        "as_of": pd.Timestamp(as_of),
        "playbook": suggestion.playbook,
        "runner_up": suggestion.runner_up,
        "modifiers": json.dumps(suggestion.modifiers),
        "reasons": json.dumps(reasons, ensure_ascii=False),
        "steps": json.dumps(steps, ensure_ascii=False),
    }


def _waits(stop: Patience | None) -> dict[str, Any]:
    return {"wait": None if stop is None else stop.wait, "wait_until": None if stop is None else stop.until}


def _parts(worth: Worth, suggestion: Suggestion, rows: Sequence[Row], value: value_summary.ValueSummary) -> dict[str, Any]:
    told = {"problems": rows_to_json(rows), "value": value_summary.to_json(value)}
    return {"fit": worth.fit, "worth": worth.worth, "price_driver": suggestion.price_driver, **told}


def _drivers(assessments: pd.DataFrame, drivers: pd.DataFrame) -> dict[str, list[Driver]]:
    """The families of each account in the order in which they count: those that the page names, then the likeliest."""
    named = [assessments[name] for name in ("driver_1", "driver_2")]
    place = {
        (account, family): n
        for n, column in enumerate(named)
        for account, family in zip(assessments["account_id"], column, strict=True)
    }
    found: dict[str, list[Driver]] = {}
    columns = [drivers[name].tolist() for name in ("account_id", "family", "chance")]
    for account, family, chance in zip(*columns, strict=True):
        found.setdefault(account, []).append(Driver(family, chance, (account, family) in place))
    for account, each in found.items():
        each.sort(key=lambda driver: (place.get((account, driver.family), len(named)), -driver.chance, driver.family))
    return found


def _number(value: object) -> float | None:
    """A number, or None for what is missing or no number."""
    if isinstance(value, int | float) and value == value:  # noqa: PLR0124 - NaN is not itself
        return float(value)
    return None
