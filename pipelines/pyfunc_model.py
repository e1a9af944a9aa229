"""How MLflow loads a logged model: our own text and JSON files, no pickle. MLflow calls `_load_pyfunc` by name."""

from pathlib import Path

import pandas as pd

from models.assessment import HORIZONS
from models.model import Model


class Served:
    """The model behind `mlflow.pyfunc.load_model`: a matrix in, the probabilities by horizon out."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def predict(self, model_input: pd.DataFrame) -> pd.DataFrame:
        """One row a row of the matrix, in its order: P(churn) within 30, 90, 180 and 365 days."""
        hazards = self._model.hazards(model_input)
        columns = {f"p_churn_{days}d": self._model.periods.probability(hazards, days) for days in HORIZONS}
        return pd.DataFrame(columns, index=model_input.index)


def _load_pyfunc(data_path: str) -> Served:
    return Served(Model.from_dir(Path(data_path)))
