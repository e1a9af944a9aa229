"""How MLflow loads the logged model of a table: our own text and JSON files, no pickle. MLflow calls `_load_pyfunc` by name."""

from pathlib import Path

import pandas as pd

from models.tabular.model import TableModel
from models.tabular.storage import from_dir


class ServedTable:
    """The model behind `mlflow.pyfunc.load_model`: rows with the columns it was trained on in, P(churn) out."""

    def __init__(self, model: TableModel) -> None:
        self._model = model

    def predict(self, model_input: pd.DataFrame) -> pd.DataFrame:
        """`p_churn`, one row a row of the input, in its order."""
        return pd.DataFrame({"p_churn": self._model.probability(model_input)}, index=model_input.index)


def _load_pyfunc(data_path: str) -> ServedTable:
    return ServedTable(from_dir(Path(data_path)))
