"""What became of a table: for a machine, and as columns of the files that are written."""

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features.languages import Language
from features.said import Said
from models.gate import GateResult
from models.params import TableParams
from models.periods import Floats, Ints
from models.tabular.training import TableTraining
from pipelines.one_table.reading import Read
from serving.table_card.document import FILES as CARDS

COLUMNS = ("row", "group", "time", "churned", "p_out_of_fold", "p_churn", "margin", "base", "driver_1", "driver_2", "driver_3")
PUSHES = ("row", "column", "value", "push")


@dataclass(frozen=True)
class TableResult:
    """A training on one table, with the gate's verdict. `run_id` is where MLflow keeps it, `out` the folder that was written."""

    read: Read
    training: TableTraining
    gate: GateResult
    params: TableParams
    out: str
    run_id: str = ""

    @property
    def notes(self) -> tuple[Said, ...]:
        """What was left out, read otherwise or not done, in words."""
        return (*self.read.notes, *self.training.notes)

    @cached_property
    def margins(self) -> Floats:
        """The final model's log-odds of every row."""
        return self.training.model.margins(self.training.table.frame)

    @cached_property
    def explained_rows(self) -> Ints:
        """Positions of the rows that are explained, at most `explained_rows`: without an outcome, then those most at risk."""
        open_rows = np.isnan(self.training.table.churned)
        order = np.lexsort((-self.margins, ~open_rows))
        return np.sort(order[: self.params.explained_rows])

    @cached_property
    def pushes(self) -> tuple[Floats, Floats]:
        """(push by column, base) of the explained rows."""
        return self.training.model.pushes(self.training.table.frame.iloc[self.explained_rows])

    def predictions(self) -> pd.DataFrame:
        """One row a row of the file, in its order."""
        table, tested = self.training.table, self.training.measured.predictions
        p_tested = tested.groupby("row")["model"].mean() if len(tested) else pd.Series(dtype=np.float64)
        found = self.read.names.assign(
            churned=table.churned,
            p_out_of_fold=p_tested.reindex(range(len(table.frame))).to_numpy(),
            p_churn=1.0 / (1.0 + np.exp(-self.margins)),
            margin=self.margins,
        )
        push, base = self.pushes
        found["base"] = pd.Series(base, index=self.explained_rows)
        names = np.array([*(feature.name for feature in table.features), None], dtype=object)
        order = np.argsort(-push, axis=1, kind="stable")
        for place in range(self.params.drivers):
            chosen = np.full(len(push), -1)  # the last name: none
            if place < push.shape[1]:
                raises = np.take_along_axis(push, order[:, [place]], axis=1)[:, 0] > 0
                chosen[raises] = order[raises, place]
            found[f"driver_{place + 1}"] = pd.Series(names[chosen], index=self.explained_rows, dtype=object)
        return found

    def push_table(self) -> pd.DataFrame:
        """PUSHES: one row an explained row and column; `base` of the predictions + the sum of `push` is the margin."""
        table, (push, _) = self.training.table, self.pushes
        names = [feature.name for feature in table.features]
        shown = np.column_stack([_shown(table.frame[name].iloc[self.explained_rows]) for name in names])
        return pd.DataFrame(
            {
                "row": np.repeat(self.explained_rows + 1, len(names)),
                "column": np.tile(np.array(names, dtype=object), len(push)),
                "value": shown.ravel(),
                "push": push.ravel(),
            }
        )

    def columns(self) -> list[tuple[str, float]]:
        """(column, mean size of its push on the explained rows), the largest first."""
        push, _ = self.pushes
        sizes = np.abs(push).mean(axis=0) if len(push) else np.zeros(push.shape[1])
        names = [feature.name for feature in self.training.table.features]
        return sorted(zip(names, map(float, sizes), strict=True), key=lambda each: (-each[1], each[0]))

    def document(self, language: Language = "en") -> dict[str, Any]:
        """For machines: the numbers by model and metric, the verdict, the notes; sentences in the language."""
        model, table, evaluation = self.training.model, self.training.table, self.training.evaluation
        return {
            "out": self.out,
            "run_id": self.run_id,
            "card": {each: str(Path(self.out, name)) for each, name in CARDS.items()},
            "kind": model.kind,
            "anchor_share": model.anchor_share,
            "trees": model.fingerprint["trees"],
            "rows": len(table.known),
            "churned": int(table.events(table.known).sum()),
            "to_score": len(table.frame) - len(table.known),
            "metrics": {
                name: {str(row["metric"]): [row["value"], row["low"], row["high"]] for row in part.to_dict("records")}
                for name, part in evaluation.metrics.groupby("model", sort=False)
            },
            "split_gap": None if self.training.split_gap is None else asdict(self.training.split_gap),
            "gate": {
                "passed": self.gate.passed,
                "reasons": {each.check: each.said.in_language(language) for each in self.gate.reasons},
            },
            "columns": [{"column": name, "push": size} for name, size in self.columns()],
            "notes": [note.in_language(language) for note in self.notes],
        }


def _shown(column: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Cells as text, None where missing; whole numbers without a point."""
    if pd.api.types.is_numeric_dtype(column):
        return np.array(
            [None if np.isnan(value) else f"{value:.10g}" for value in column.to_numpy(dtype=np.float64)], dtype=object
        )
    return np.asarray(column.astype(object).where(column.notna(), None).to_numpy(), dtype=object)
