"""From a scored batch to what is written into other systems, one row an account."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from serving.params import ServingParams
from serving.recommendation import Recommendation
from serving.store import Batch
from serving.store.records import in_utc
from serving.web.list_page import account_address

SCORE_COLUMN = "p_churn_90d"


def recommendations(batch: Batch, params: ServingParams) -> list[Recommendation]:
    """One recommendation an assessed account, by account id, scored or not: an old score must not outlive its account's state.

    A held-out account carries its risk alone: no playbook, step or clock, so that nobody works on it by accident.
    """
    accounts = _by_account(batch.accounts)
    plans = _by_account(batch.plans)
    sentences = _sentences(batch)
    rows = batch.assessments.sort_values("account_id").to_dict("records")
    return [
        _one(_plain(row), accounts.get(row["account_id"], {}), plans.get(row["account_id"]), sentences, params) for row in rows
    ]


def _one(
    row: Mapping[str, Any],
    account: Mapping[str, Any],
    plan: Mapping[str, Any] | None,
    sentences: Mapping[tuple[str, str], tuple[str, str]],
    params: ServingParams,
) -> Recommendation:
    held_out = row["arm"] == "holdout"
    step = None if plan is None or held_out else _first_step(plan["steps"])
    why = [sentences[row["account_id"], family] for family in (row["driver_1"], row["driver_2"]) if family]
    score = row.get(SCORE_COLUMN)
    respond_by = row["respond_by"]
    return Recommendation(
        account_id=row["account_id"],
        crm_id=account.get("crm_id"),
        as_of=row["as_of"].date(),
        p_churn_90d=None if score is None else round(float(score), params.probability_digits),
        risk_band=row["risk_band"],
        driver_1=row["driver_1"],
        driver_2=row["driver_2"],
        playbook=None if held_out else row["playbook"],
        why_en=" ".join(en for en, _ in why) or None,
        why_es=" ".join(es for _, es in why) or None,
        respond_by=None if held_out or respond_by is None else in_utc(respond_by.to_pydatetime()),
        first_step_en=None if step is None else step["text"]["en"],
        first_step_es=None if step is None else step["text"]["es"],
        first_step_owner=None if step is None else step["owner"],
        first_step_due=None if step is None else pd.Timestamp(step["due"]).date(),
        model_version=row["model_version"],
        link=params.public_url.rstrip("/") + account_address(row["account_id"]),
    )


def _first_step(steps: str) -> Mapping[str, Any] | None:
    """The earliest step still to be done; None when all are."""
    return next((step for step in json.loads(steps) if not step["done"]), None)


def _sentences(batch: Batch) -> dict[tuple[str, str], tuple[str, str]]:
    columns = [batch.drivers[name].tolist() for name in ("account_id", "family", "sentence_en", "sentence_es")]
    return {(account, family): (en, es) for account, family, en, es in zip(*columns, strict=True)}


def _by_account(frame: pd.DataFrame) -> dict[str, Mapping[str, Any]]:
    return {row["account_id"]: _plain(row) for row in frame.to_dict("records")}


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row with None for every missing cell."""
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}
