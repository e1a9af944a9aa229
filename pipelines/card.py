"""The facts of a model card, taken from a training."""

from datetime import date
from itertools import groupby

import numpy as np
import pandas as pd

from features.check_report import CheckReport
from features.signal import FAMILIES
from models.evaluation import FEW_CHURNED, Evaluation
from models.explanation import explained
from models.gate import GateResult
from models.lead_time import RANKINGS
from models.metrics import top_share
from models.model import Model
from models.training import Training
from pipelines.card_parts import bins_of, cell_of, cells_of, controls_of, gains_of, swarm_of
from pipelines.lineage import Lineage
from pipelines.params import Params
from pipelines.pushes import pushes_of
from serving.card import (
    CardFacts,
    Cell,
    Curve,
    FamilyMonth,
    GateFact,
    Group,
    Measured,
    MissingFact,
    SecondFact,
    TableFact,
)

MISSING_FROM = 0.5
MOST_MISSING = 8
MONTHS = 12
ACCOUNTS_A_MONTH = 400


def recent(frame: pd.DataFrame) -> pd.DataFrame:
    """At most 400 accounts, evenly spaced, of each of the last twelve looks: what the drivers by month are read from."""
    looks = np.sort(frame["as_of"].unique())[-MONTHS:]
    parts = [frame.loc[frame["as_of"] == look] for look in looks]
    some = [part.iloc[:: max(1, -(-len(part) // ACCOUNTS_A_MONTH))] for part in parts]
    return pd.concat(some, ignore_index=True) if some else frame.iloc[:0]


def card_of(
    training: Training, gate: GateResult, looks: pd.DataFrame, report: CheckReport, lineage: Lineage, params: Params
) -> CardFacts:
    """Everything the card shows; `looks` as `recent` gives them. What could not be measured is left out of it."""
    model, found, horizon = training.model, training.evaluation, training.evaluation.horizon_days
    newest = looks.loc[looks["as_of"] == looks["as_of"].max()].reset_index(drop=True)
    return CardFacts(
        until=lineage.as_of,
        kind=model.kind,
        anchor_share=model.anchor_share,
        horizon_days=horizon,
        last_day=model.periods.last_day,
        capacity_share=params.decision.capacity_share,
        few_churned=FEW_CHURNED,
        first_look=date.fromisoformat(training.rows.first_as_of),
        last_look=date.fromisoformat(training.rows.last_as_of),
        accounts=training.rows.accounts,
        rows=training.rows.rows,
        churned_accounts=training.rows.churned_accounts,
        origins=len(found.origins),
        tables=tuple(TableFact(t.name, t.accepted, t.rejected, _day(t.first), _day(t.last)) for t in report.tables),
        absent=report.absent,
        missing=_missing(model, newest),
        measured=_measured(training),
        groups=_groups(found),
        slice_min_churned=params.evaluation.slice_min_churned,
        bins=bins_of(found),
        gains=gains_of(found, RANKINGS),
        alerted=_alerted(training.proof.lead_time),
        lead_time=_lead_time(training.proof.lead_time),
        swarm=swarm_of(pushes_of(model, newest, horizon), _families(model)) if len(newest) else (),
        families=tuple(_month(model, part, horizon, params.decision.capacity_share) for _, part in looks.groupby("as_of")),
        controls=controls_of(training.hygiene, training.proof.split_gap),
        second=_second(training),
        gate=tuple(GateFact(reason.check, bool(reason.passed)) for reason in gate.reasons),
        fingerprints={
            "data": lineage.data,
            "code": lineage.code,
            "params": lineage.params,
            "rows": str(model.fingerprint.get("data", "")),
        },
    )


def _measured(training: Training) -> tuple[Measured, ...]:
    units = [(None, training.evaluation), *training.proof.decisions.items()]
    return tuple(Measured(days, len(found.predictions), found.churned_accounts, cells_of(found.metrics)) for days, found in units)


def _groups(found: Evaluation) -> tuple[Group, ...]:
    table = found.slices
    return tuple(
        Group(
            str(trait),
            str(level),
            int(part["accounts"].iloc[0]),
            int(part["churned_accounts"].iloc[0]),
            bool(part["enough"].iloc[0]),
            cells_of(part),
        )
        for (trait, level), part in table.groupby(["trait", "level"], sort=False)
    )


def _missing(model: Model, newest: pd.DataFrame) -> tuple[MissingFact, ...]:
    """The signals least known of the newest look's accounts, from one half on."""
    shares = {each: float(newest[each.name].isna().mean()) for each in model.features} if len(newest) else {}
    worst = sorted((each for each in shares if shares[each] >= MISSING_FROM), key=lambda each: (-shares[each], each.name))
    return tuple(MissingFact(each.name, each.family, shares[each]) for each in worst[:MOST_MISSING])


def _alerted(table: pd.DataFrame) -> tuple[Curve, ...]:
    """The share alerted by days ahead, with the interval of the model alone."""
    curves = []
    for name, part in table.loc[table["metric"] == "alerted"].groupby("model", sort=False):
        points = tuple((float(row["days"]), float(row["value"])) for row in part.to_dict("records"))
        ends = [tuple(part[end].astype(float)) for end in ("low", "high")] if name == "model" else [(), ()]
        curves.append(Curve(str(name), points, *ends))
    return tuple(curves)


def _lead_time(table: pd.DataFrame) -> dict[str, Cell]:
    first = table.loc[table["metric"] == "lead_time_days"]
    return {str(row["model"]): cell_of(row["value"], row["low"], row["high"]) for row in first.to_dict("records")}


def _families(model: Model) -> dict[str, str]:
    """The family of every signal; of a family itself, where the anchor serves alone."""
    return {each.name: each.family for each in model.features} | {name: name for name in FAMILIES}


def _month(model: Model, part: pd.DataFrame, horizon_days: int, capacity_share: float) -> FamilyMonth:
    margins = model.margins(part)
    found = explained(model, part, margins, horizon_days)
    first = top_share(found.margin, np.zeros(len(part)), np.zeros(len(part), dtype=np.int64), capacity_share) == 1
    most = np.sort(found.push[first].argmax(axis=1))
    shares = {FAMILIES[number]: len(list(same)) / int(first.sum()) for number, same in groupby(most.tolist())}
    return FamilyMonth(part["as_of"].iloc[0].date(), {name: round(share, 4) for name, share in shares.items()})


def _second(training: Training) -> tuple[SecondFact, ...]:
    less = training.model.contraction
    return tuple(
        SecondFact(
            name,
            name == "early" or (less is not None and less.told_by == "signals"),
            *(found.horizon_days, found.rows, found.accounts),
            *(Cell(*cell) for cell in (found.auc, found.observed_expected, found.skill)),
        )
        for name, found in training.second.items()
    )


def _day(at: str | None) -> date | None:
    return None if at is None else date.fromisoformat(at[:10])
