"""What is measured besides the monthly panel: one row an account-decision by lead, how early alerts come, a careless split."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from models.bootstrap import Worth
from models.evaluation import Evaluation, evaluated
from models.fitting import Material
from models.lead_time import COLUMNS, RANKINGS, at_precision, first_alerts, in_capacity, measured_lead_time
from models.model import Kind
from models.replay import Replay
from models.rows import HazardRows
from models.sections import Sections
from models.split_gap import SplitGap, split_gap

NO_LEAD_TIME = pd.DataFrame(columns=list(COLUMNS))
SHOWN = {
    "auc": "AUC",
    "average_precision": "average precision",
    "brier_skill": "Brier skill",
    "observed_expected": "observed / expected",
    "arr_recall_at_capacity": "ARR in capacity",
}


@dataclass(frozen=True)
class Proof:
    """`decisions`: the evaluation of one row an account-decision, by days of lead; a lead at which none was met is left out.

    `lead_time`: how early (`models.lead_time.COLUMNS`). `split_gap`: what a careless split would have claimed; None when
    nothing was tested.
    """

    decisions: dict[int, Evaluation] = field(default_factory=dict)
    lead_time: pd.DataFrame = field(default_factory=lambda: NO_LEAD_TIME)
    split_gap: SplitGap | None = None

    def as_text(self) -> str:
        """A line a lead and ranking, the lead time, and the warning, for a terminal; empty when nothing was measured."""
        lines = []
        if self.decisions:
            lines.append(f"{'One row an account-decision':<42}" + "".join(f"{name:>23}" for name in SHOWN.values()))
        for days, found in self.decisions.items():
            for model in [name for name in RANKINGS if name in set(found.metrics["model"])]:
                head = f"{days} d ahead, {len(found.predictions)} ({found.churned_accounts} left)" if model == "model" else ""
                lines.append(f"{head:<30}{model:<12}" + "".join(f"{found.cell(model, metric):>23}" for metric in SHOWN))
        first = self.lead_time.loc[self.lead_time["metric"] == "lead_time_days"].set_index("model")
        if len(first):
            told = ", ".join(f"{model} {row['value']:.0f}" for model, row in first.iterrows() if row["value"] == row["value"])
            lines.append(
                f"days from first alert to decision at the model's precision in capacity, median by ARR of those alerted: {told}"
            )
        if self.split_gap is not None:
            lines.append(f"warning: {self.split_gap.sentence()}")
        return "\n".join(lines)


def proof_of(
    material: Material,
    rows: HazardRows,
    replay: Replay,
    *,
    kind: Kind,
    share: float,
    horizon_days: int,
    params: Sections,
    worth: Worth | None,
) -> Proof:
    """Measure all three on a replay; the random split costs one more fit."""
    gap = split_gap(
        material,
        rows,
        replay.predictions,
        kind=kind,
        share=share,
        trees=replay.trees,
        horizon_days=horizon_days,
        params=params.training,
    )
    return Proof(_by_lead(replay, params, worth), _lead_time(replay, params), gap)


def _by_lead(replay: Replay, params: Sections, worth: Worth | None) -> dict[int, Evaluation]:
    if replay.decisions.empty:
        return {}
    found = {}
    for days in np.unique(replay.decisions["lead_days"].to_numpy(dtype=np.int64)).tolist():
        part = replay.decisions.loc[replay.decisions["lead_days"] == days].reset_index(drop=True)
        found[days] = evaluated(
            part,
            replay.origins.loc[replay.origins["origin"].isin(part["origin"])],
            horizon_days=days,
            capacity_share=params.decision.capacity_share,
            params=params.evaluation,
            worth=worth,
        )
    return found


def _lead_time(replay: Replay, params: Sections) -> pd.DataFrame:
    """Of every ranking as many alerts as keep it as precise as the model is within capacity: early and often wrong is easy."""
    if replay.looks.empty:
        return NO_LEAD_TIME
    looks, evaluation = replay.looks, params.evaluation
    chosen = in_capacity(looks, "model", params.decision.capacity_share)
    precision, most = float(looks.loc[chosen, "churned"].mean()), int(chosen.sum())
    alerted = {name: at_precision(looks, name, precision, most) for name in RANKINGS if name in looks} | {"model": chosen}
    return measured_lead_time(first_alerts(looks, alerted, evaluation.alert_days), tuple(alerted), evaluation)
