"""From an assessment to work: the play, its reasons, its dated steps, the effort, the clock and the arm of each account."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from features.languages import LANGUAGES
from serving.learning.arms import Episode
from serving.learning.assigning import assign_all
from serving.matching import AccountView, Driver, Suggestion, suggest
from serving.params import LearningParams, TriageParams
from serving.plan import plan_for
from serving.play import Play
from serving.triage import Triage, called_for, triage_account

SERVING_COLUMNS = ("playbook", "effort_tier", "save_probability", "expected_value", "respond_by", "arm")
PLAN_COLUMNS = ("account_id", "as_of", "playbook", "runner_up", "modifiers", "reasons", "steps")


@dataclass(frozen=True)
class Planned:
    """`assessments` with the columns that serving adds; `plans`: one row an account with a play, as PLAN_COLUMNS.

    `modifiers` is a JSON list, `reasons` a JSON object language -> sentences, `steps` a JSON list of {due, owner, phase,
    action, done, text: {en, es}} by day. `assignments`: how each account with a play came to its arm, see
    `serving.learning.log`.
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
    episodes: Mapping[str, Episode] | None = None,
) -> Planned:
    """Triage, suggest and plan every scored account that calls for a play; one that was not scored says so by its status.

    `matrix` holds the signals at as_of, `drivers` a row an account and family, `strategic` the ids of strategic accounts,
    `episodes` the assignment of each account that lasts on the day (None: of none).
    """
    values = {str(row["account_id"]): row for row in matrix.to_dict("records")}
    pushing = _drivers(drivers)
    added: list[dict[str, Any]] = []
    plans: list[dict[str, Any]] = []
    for row in assessments.to_dict("records"):
        account = str(row["account_id"])
        if row["status"] != "scored":
            added.append(dict.fromkeys(SERVING_COLUMNS))
            continue
        signals = {str(name): _number(value) for name, value in values[account].items()}
        view = _view(row, signals, pushing.get(account, ()), account in strategic, triage, row[decision_column])
        suggestion = suggest(view, plays) if _called_for(view, row, triage) else None
        added.append(_columns(suggestion, view.triage, as_of))
        if suggestion is not None:
            plans.append(_plan(suggestion, account, plays, as_of, triage.holidays))
    columns = pd.DataFrame(added, columns=list(SERVING_COLUMNS), index=assessments.index)
    columns["respond_by"] = pd.to_datetime(columns["respond_by"], utc=True)
    planned = assessments.join(columns)
    waiting = {row["account_id"] for row in plans if row.get("wait") is not None}
    log = assign_all(planned, strategic, waiting, episodes or {}, triage, learning, as_of=as_of, decision_column=decision_column)
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
    ahead = [_number(value) for name, value in row.items() if str(name).startswith("p_churn_")]
    return called_for(
        view.triage,
        facts=view.facts(),
        risk_band=view.risk_band,
        p_ahead=max((p for p in ahead if p is not None), default=None),
        arr=view.arr,
        params=params,
    )


def _columns(suggestion: Suggestion | None, verdict: Triage, as_of: date) -> dict[str, Any]:
    return {
        "playbook": None if suggestion is None else suggestion.playbook,
        "effort_tier": verdict.tier,
        "save_probability": verdict.save_probability,
        "expected_value": verdict.expected_value,
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


def _drivers(drivers: pd.DataFrame) -> dict[str, list[Driver]]:
    """The families that push an account's risk up, the strongest first."""
    found: dict[str, list[Driver]] = {}
    pushing = drivers.loc[drivers["push"] > 0].sort_values(["account_id", "push", "family"], ascending=[True, False, True])
    columns = [pushing[name].tolist() for name in ("account_id", "family", "push", "strength")]
    for account, family, push, strength in zip(*columns, strict=True):
        found.setdefault(account, []).append(Driver(family, push, strength))
    return found


def _number(value: object) -> float | None:
    """A number, or None for what is missing or no number."""
    if isinstance(value, int | float) and value == value:  # noqa: PLR0124 - NaN is not itself
        return float(value)
    return None
