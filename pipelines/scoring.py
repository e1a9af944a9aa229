"""One day's scoring: champion x today's snapshot -> assessments, drivers, evidence and plans."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from features.efforts import newest_efforts
from features.errors import BadInput
from features.heard import heard
from features.population import population
from features.reached import last_reached
from features.silence import silences
from features.totals.facts import replace as replace_file
from models.assessment import Assessed, assess
from models.drivers import build, standing
from models.model import Model
from pipelines.company import Company
from pipelines.driver_story import with_what_speaks_for_them
from pipelines.params import Params
from pipelines.partitions import Part, Spread, in_turn, joined, parts_of
from pipelines.preparing import reader
from pipelines.scored_parts import read_parts
from serving.learning.experience import NOTHING, Experience
from serving.own_plays import plays_in_force
from serving.planning import plan_all
from serving.store.batch import Batch, UnfitBatchError

PARTS = ("assessments", "drivers", "evidence", "accounts", "coverage", "plans", "assignments", "second_outcomes")
COLUMNS = (
    *("account_id", "as_of", "p_churn_30d", "p_churn_90d", "p_churn_180d", "p_churn_365d", "margin", "base"),
    *("margin_from", "margin_to", "risk_band", "health", "arr", "driver_1", "driver_2", "playbook", "effort_tier"),
    *("save_probability", "expected_value", "respond_by", "arm", "model_version", "status"),
)
IN_UTC = (
    "as_of",
    "margin_from",
    "margin_to",
    "respond_by",
    "at",
    "covered_from",
    "last_at",
    "renews_at",
    "since",
    "began",
    "reached_on",
)
YEAR_DAYS = 365
Progress = Callable[[str, int, int], None]


def score(
    company: Company,
    as_of: date,
    model: Model,
    version: str,
    progress: Progress,
    spread: Spread = in_turn,
    experience: Experience = NOTHING,
) -> Batch:
    """Assess, explain and plan every account of the day; `spread` says where the parts of the accounts are assessed.

    `experience`: the assignments that last on the day, and what was learned of plays before it.

    Accounts that cannot be scored are listed with their status. `BadInput` when nobody is known at `as_of`, or
    when the decision horizon lies beyond the model's last period.
    """
    params, history = company.params, company.history
    plays = plays_in_force(params.plays.folder).plays  # a mistake in one is told before the work, not after
    if params.decision.horizon_days > model.periods.last_day:
        raise BadInput(
            f"decision.horizon_days is {params.decision.horizon_days}, but the champion's last period (label.periods) ends at "
            f"day {model.periods.last_day}. Lower the horizon, or train with longer periods."
        )
    company.require_accounts(as_of, "--as-of")
    everyone = population(history, [as_of], grace_days=params.label.grace_days)
    listed = everyone.loc[~everyone["left"]].reset_index(drop=True)
    if listed.empty:
        raise BadInput(f"every account had left before {as_of}: nobody is there to be scored. Give an earlier --as-of.")
    month_before = as_of - timedelta(days=params.explanation.before_days)
    both = company.matrix([month_before, as_of], progress)
    made = both.at(as_of)
    coverage = company.coverage(made)
    progress("assessing", 0, 1)
    rows = listed[["account_id", "as_of"]].merge(made.frame, on=["account_id", "as_of"], how="left")
    status = statuses(listed, coverage, min_days=params.decision.min_days, uses=history.has("usage"))

    def assess_part(part: Part) -> Assessed:
        return assess(
            model,
            part.rows,
            part.statuses,
            model_version=version,
            decision=params.decision,
            explanation=params.explanation,
            health_params=params.health,
            more_horizons=(params.decision.horizon_days,),
            prior=experience.prior,
        )

    assessed = joined(spread(assess_part, parts_of(rows, status, params.flows.partitions)))
    assessments = assessed.assessments.assign(health=assessed.assessments["health"].where(listed["alive"].to_numpy()))
    assessments = assessments.merge(listed[["account_id", "arr"]], on="account_id", how="left")
    progress("explaining", 0, 1)
    scored = rows.loc[status.eq("scored").to_numpy()].reset_index(drop=True)
    side = standing(model.anchor.indices, scored)
    drivers = build(
        history,
        as_of,
        assessed.pushes,
        side,
        scored,
        company.catalogue,
        notable_z=params.explanation.notable_z,
        clear_push=params.explanation.clear_push,
        rows_a_signal=params.explanation.rows_a_signal,
    )
    drivers = replace(
        drivers,
        table=with_what_speaks_for_them(
            drivers.table, company, model, assessments, scored, side, both.at(month_before).frame, experience.prior
        ),
    )
    accounts = _accounts(company, as_of, listed)
    progress("planning", 0, 1)
    words = heard(
        history,
        as_of,
        set(scored["account_id"]),
        lambda: reader(company.prepared.folder, params),
        days=params.serving.quote_days,
        longest=params.serving.quote_characters,
        warm_from=params.serving.quote_warm_from,
    )
    planned = plan_all(
        assessments,
        drivers.table,
        scored,
        set(accounts.loc[accounts["strategic"].eq(True), "account_id"]),
        plays,
        params.triage,
        params.learning,
        as_of=as_of,
        decision_column=f"p_churn_{params.decision.horizon_days}d",
        experience=experience,
        efforts=newest_efforts(history, as_of),
        heard=words,
    )
    more = [str(c) for c in planned.assessments if str(c).startswith("p_churn_") and c not in COLUMNS]
    return Batch(
        as_of=as_of,
        horizon_days=params.decision.horizon_days,
        assessments=planned.assessments[[*COLUMNS, *more]],
        drivers=drivers.table,
        evidence=drivers.evidence,
        accounts=accounts,
        coverage=_with_silences(company, as_of, coverage),
        plans=planned.plans,
        assignments=planned.assignments,
        second_outcomes=assessed.second,
    )


def _with_silences(company: Company, as_of: date, coverage: pd.DataFrame) -> pd.DataFrame:
    """The coverage with `last_at`: the last day on which a source that fell silent for the account had a row; else missing."""
    params = company.params.serving
    found = silences(
        company.history,
        as_of,
        least_days=params.silent_from_days,
        times=params.silent_times,
        rows=params.silent_rows,
        looked_back_days=YEAR_DAYS,
    )
    told = coverage.merge(found.astype({"account_id": "str", "table": "str"}), on=["account_id", "table"], how="left")
    return told.assign(last_at=told["last_at"].astype("datetime64[us]"))


def statuses(listed: pd.DataFrame, coverage: pd.DataFrame, *, min_days: int, uses: bool) -> pd.Series:
    """Why an account is not scored, or `scored`; one a row of `listed` (a population without those who left)."""
    seen = set(coverage.loc[(coverage["table"] == "usage") & coverage["reason"].isna(), "account_id"])
    days = (listed["as_of"] - listed["began"]).dt.days
    found = pd.Series("scored", index=listed.index, dtype=object)
    if uses:
        found = found.mask(~listed["account_id"].isin(seen), "no_usage")
    found = found.mask(days < min_days, "too_new")
    found = found.mask(~listed["alive"], "no_contract")
    return found.mask(listed["decided"], "decided")


def _accounts(company: Company, as_of: date, listed: pd.DataFrame) -> pd.DataFrame:
    """Who each account is, as known at as_of."""
    columns = ["account_id", "name", "csm", "industry", "region", "language", "strategic", "crm_id"]
    reached = last_reached(company.history, as_of)
    known = company.history.known("accounts", [as_of]).select(*columns).to_pandas()
    ends = listed[["account_id", "chain_end"]].rename(columns={"chain_end": "renews_at"})
    found = ends.merge(known, on="account_id", how="left")
    found = found.assign(reached_on=reached.reindex(found["account_id"]).to_numpy())
    return found[
        ["account_id", "name", "csm", "industry", "region", "language", "renews_at", "strategic", "crm_id", "reached_on"]
    ]


def write(batch: Batch, out: Path) -> None:
    """One Parquet file a part; the whole folder is replaced part by part, `assessments` last.

    Two runs that write at the same time leave whole files, each of one of them; `read` tells when they do not belong together.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name in reversed(PARTS):
        frame: pd.DataFrame = getattr(batch, name)
        ready = frame.assign(**{column: _utc(frame[column]) for column in IN_UTC if column in frame})
        replace_file(out / f"{name}.parquet", partial(ready.to_parquet, index=False))


def read(folder: Path, params: Params) -> Batch:
    """The batch that `write` left in a folder; `BadInput` when a part is missing, damaged, of another run or other settings."""
    missing = [f"{name}.parquet" for name in PARTS if not (folder / f"{name}.parquet").is_file()]
    if missing:
        raise BadInput(f"{folder} has no {', '.join(missing)}. Give a folder that `tenure score --out` wrote.")
    parts = read_parts(folder, PARTS, IN_UTC, set(plays_in_force(params.plays.folder).plays))
    try:
        return Batch(as_of=parts["assessments"]["as_of"].iloc[0].date(), horizon_days=params.decision.horizon_days, **parts)
    except UnfitBatchError as error:
        raise BadInput(f"{folder} does not fit these settings: {error}. Score again with `tenure score --out`.") from error


def _utc(column: pd.Series) -> pd.Series:
    """The same moments, marked as UTC."""
    times = pd.to_datetime(column.replace({None: np.nan}) if column.dtype == object else column)
    marked = times.dt.tz_localize("UTC") if times.dt.tz is None else times.dt.tz_convert("UTC")
    return marked.astype("datetime64[us, UTC]")
