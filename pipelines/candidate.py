"""A trained model becomes a logged run, and with the gate's leave the champion."""

import math
import sys
from dataclasses import dataclass
from typing import Any

from models.errors import UnableToScore
from models.gate import GateResult
from models.model import Model
from models.training import Training
from pipelines import tracking
from pipelines.card import card_of
from pipelines.home import Home
from pipelines.lineage import Lineage, code_version
from pipelines.params import Params
from pipelines.proof_document import proof_document
from pipelines.steps import Learned

COMPARED = ("auc", "average_precision", "log_loss", "observed_expected", "precision_at_capacity", "arr_recall_at_capacity")


@dataclass(frozen=True)
class Candidate:
    """What became of a training. `version` is None when it was not registered; `champion` is the version that serves now."""

    training: Training
    gate: GateResult
    run_id: str
    version: str | None
    champion: str | None

    @property
    def promoted(self) -> bool:
        """Whether this candidate serves now."""
        return self.version is not None and self.version == self.champion

    @property
    def refused(self) -> str:
        """What fell short of a registered candidate, and who serves instead; empty when nothing was refused."""
        if self.version is None or self.gate.passed:
            return ""
        stays = "there is no champion yet" if self.champion is None else f"version {self.champion} stays champion"
        reasons = "; ".join(reason.sentence for reason in self.gate.refusals)
        return f"The gate refused version {self.version}, {stays}: {reasons}."

    def document(self) -> dict[str, Any]:
        """For machines: the run, its part in the registry, and what was measured."""
        names = {"run_id": self.run_id, "version": self.version, "champion": self.champion, "promoted": self.promoted}
        return names | self.measured()

    def measured(self) -> dict[str, Any]:
        """The numbers by model and metric, the verdict, the notes: the same whatever run it was."""
        evaluation = self.training.evaluation
        return {
            "kind": self.training.model.kind,
            "anchor_share": self.training.model.anchor_share,
            "rows": self.training.rows.rows,
            "churned_accounts": self.training.rows.churned_accounts,
            "horizon_days": evaluation.horizon_days,
            "metrics": {
                model: {str(row["metric"]): row["value"] for row in part.to_dict("records")}
                for model, part in evaluation.metrics.groupby("model", sort=False)
            },
            **proof_document(self.training),
            "gate": {
                "passed": self.gate.passed,
                "reasons": {reason.check: reason.sentence for reason in self.gate.reasons},
            },
            "notes": list(self.training.notes),
        }

    def text(self) -> str:
        """For a person."""
        rows, model = self.training.rows, self.training.model
        kind = "the anchor alone" if model.kind == "anchor" else f"anchor ({model.anchor_share:.0%}) and trees"
        learned = f"{rows.rows:,} rows, {rows.churned_accounts:,} churned accounts"
        lines = [f"Learned from {learned}, looks from {rows.first_as_of} to {rows.last_as_of}: {kind}."]
        lines += ["", self.training.evaluation.as_text(), "", *self._proof(), *self._second(), self.gate.as_text()]
        lines += [f"note: {note}" for note in self.training.notes]
        return "\n".join([*lines, "", self.where])

    def comparison(self) -> list[dict[str, Any]]:
        """How it and its baselines did out of time, a row a model; intervals are 95 % by account."""
        evaluation = self.training.evaluation
        return [
            {
                "model": str(model),
                **{name: _rounded(evaluation.value(model, name)) for name in COMPARED},
                "auc_from": _rounded(evaluation.bounds(model, "auc")[0]),
                "auc_to": _rounded(evaluation.bounds(model, "auc")[1]),
            }
            for model in evaluation.metrics["model"].unique()
        ]

    def markdown(self) -> str:
        """The gate's verdict, the notes, and where the candidate stands."""
        lines = [f"**The gate is {'passed' if self.gate.passed else 'not passed'}.** {self.where}", ""]
        lines += [f"- {'✓' if reason.passed else '✗'} {reason.check}: {reason.sentence}" for reason in self.gate.reasons]
        return "\n".join([*lines, *(f"- note: {note}" for note in self.training.notes)])

    def _proof(self) -> list[str]:
        said = self.training.proof.as_text()
        return [said, ""] if said else []

    def _second(self) -> list[str]:
        said = {"early": "leaving in the middle of a term", "contracted": "renewing for less"}
        lines = [f"{said[name]}: {found.as_text()}" for name, found in self.training.second.items()]
        return [*lines, ""] if lines else []

    @property
    def where(self) -> str:
        """The run, the version and its part in the registry."""
        if self.version is None:
            return f"Logged as run {self.run_id}; not registered (--register does)."
        role = "the champion" if self.promoted else "the challenger"
        return f"Logged as run {self.run_id}; version {self.version} is {role}."


def rival(home: Home) -> Model | None:
    """The champion that a candidate must beat; None when there is none, or when this version of tenure cannot read it."""
    try:
        found = tracking.champion(home)
    except UnableToScore as error:
        print(f"The champion is not compared with: {error}.", file=sys.stderr)
        return None
    return None if found is None else found.model


def keep(learned: Learned, home: Home, params: Params, *, register: bool) -> Candidate:
    """Log a training; with `register`, make it challenger and, if the gate passes it, champion."""
    training, data = learned.training, learned.company.prepared.fingerprint
    gate = training.judged(params)
    lineage = Lineage(data=data, code=code_version(), params=params.fingerprint, as_of=learned.until)
    card = card_of(training, gate, learned.looks, learned.company.prepared.report, lineage, params)
    logged = tracking.log_training(
        training, gate, learned.latest, home=home, lineage=lineage, params=params, register=register, card=card
    )
    if logged.version is not None and gate.passed:
        tracking.promote(home, logged.version, "gate", "passed the gate")
    return Candidate(training, gate, logged.run_id, logged.version, tracking.champion_version(home))


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
