"""What is kept of a training for people: pictures, tables, the verdict and the notes, as files in one folder."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from features.languages import LANGUAGES
from models.evaluation import Evaluation
from models.gate import GateResult
from models.proof import Proof
from models.training import Training
from pipelines import plots
from pipelines.pushes import pushes_of
from serving.card import CardFacts, write
from serving.web.card_document import card_document

TABLES = ("metrics", "calibration", "origins")


def write_record(training: Training, gate: GateResult, latest: pd.DataFrame, folder: Path) -> None:
    """Fill `folder`; `latest` is the matrix of the newest snapshot, on which the pictures are drawn.

    Predictions of the rolling origins go beside the tables, so that a reader can compute what we did not.
    """
    evaluation = training.evaluation
    for name in TABLES:
        getattr(evaluation, name).to_csv(folder / f"{name}.csv", index=False)
    evaluation.predictions.to_parquet(folder / "predictions.parquet", index=False)
    (folder / "evaluation.txt").write_text(evaluation.as_text() + "\n", encoding="utf-8")
    (folder / "gate.txt").write_text(gate.as_text() + "\n", encoding="utf-8")
    (folder / "gate.json").write_text(gate.as_json(), encoding="utf-8")
    (folder / "notes.txt").write_text("\n".join(training.notes) + "\n", encoding="utf-8")
    _draw(training, latest, folder)


def write_card(card: CardFacts, folder: Path, currency: str) -> None:
    """`card.json`, and `card.<language>.html` in every language."""
    write(card, folder)
    for language in LANGUAGES:
        (folder / f"card.{language}.html").write_text(card_document(card, language, currency), encoding="utf-8")


def metrics_of(training: Training) -> dict[str, float]:
    """Every number of the evaluation by name, `<model>.<metric>` with `.low` and `.high` of its interval, and the row counts."""
    found = {f"rows.{name}": float(value) for name, value in asdict(training.rows).items() if isinstance(value, int | float)}
    found |= {"permuted_auc": training.hygiene.permuted_auc}
    for outcome, second in training.second.items():
        cells = {"auc": second.auc[0], "observed_expected": second.observed_expected[0], "skill": second.skill[0]}
        found |= {f"{outcome}.{name}": value for name, value in cells.items() if value is not None}
    return known(found | named_metrics(training.evaluation) | _of_decisions(training.proof))


def named_metrics(evaluation: Evaluation) -> dict[str, float]:
    """`<model>.<metric>` with `.low` and `.high` of its interval."""
    metrics = evaluation.metrics
    found: dict[str, float] = {}
    named = metrics.set_index(metrics["model"].str.cat(metrics["metric"], sep="."))
    for column, ending in (("value", ""), ("low", ".low"), ("high", ".high")):
        found |= {f"{name}{ending}": float(value) for name, value in named[column].to_dict().items()}
    return found


def known(numbers: Mapping[str, float]) -> dict[str, float]:
    """Those that are numbers: MLflow takes no other."""
    return {name: value for name, value in numbers.items() if not math.isnan(value)}


def _of_decisions(proof: Proof) -> dict[str, float]:
    """`lead_<days>.<metric>` of the model by lead, its lead time, and what a random split would have claimed."""
    found: dict[str, float] = {}
    for days, each in proof.decisions.items():
        own = each.metrics.loc[each.metrics["model"] == "model"].set_index("metric")["value"]
        found |= {f"lead_{days}.{name}": float(value) for name, value in own.to_dict().items()}
    first = proof.lead_time.loc[(proof.lead_time["metric"] == "lead_time_days") & (proof.lead_time["model"] == "model")]
    if len(first):
        found["lead_time_days"] = float(first["value"].iloc[0])
    if proof.split_gap is not None:
        found |= {"random_split.auc": proof.split_gap.random_auc}
    return found


def _draw(training: Training, latest: pd.DataFrame, folder: Path) -> None:
    bins = training.evaluation.calibration
    if len(bins):
        predicted, observed, counts = (bins[name].tolist() for name in ("predicted", "observed", "n"))
        plots.reliability(predicted, observed, counts, folder / "reliability.png", tested="out of time")
    if len(latest):
        pushes = pushes_of(training.model, latest, training.evaluation.horizon_days)
        plots.beeswarm(pushes, folder / "shap_beeswarm.png")
        plots.waterfall(pushes, folder / "shap_waterfall_riskiest_account.png")
