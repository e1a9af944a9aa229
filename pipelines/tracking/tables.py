"""One run of MLflow a table, in an experiment of its own: it has no champion, as there is no daily scoring of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from models.tabular.model import TableModel
from pipelines.home import Home
from pipelines.params import Params
from pipelines.pyfunc_table import ServedTable
from pipelines.tracking.client import mlflow, registry
from pipelines.tracking.runs import experiment, flat, needed

EXPERIMENT = "tenure-table"


def log_table(
    model: TableModel,
    rows: pd.DataFrame,
    *,
    files: Path,
    data: Path,
    metrics: Mapping[str, float],
    asked: Mapping[str, str],
    tags: Mapping[str, str],
    home: Home,
    params: Params,
) -> str:
    """Log settings, what was asked of the columns, metrics, the written files and the model (folder `data`); the run's id.

    `rows` are a few rows of the table, from which the model's signature is inferred; no cell of them is kept.
    """
    with registry(home) as client, mlflow.start_run(experiment_id=experiment(client, home, EXPERIMENT), tags=dict(tags)) as run:
        mlflow.log_params({**flat(params), **{f"asked.{name}": value for name, value in asked.items()}})
        mlflow.log_metrics(dict(metrics))
        mlflow.log_artifacts(str(files))
        mlflow.pyfunc.log_model(
            name="model",
            loader_module="pipelines.pyfunc_table",
            data_path=str(data),
            signature=_signature(model, rows),
            pip_requirements=needed(),
            metadata=dict(tags),
        )
        return str(run.info.run_id)


def _signature(model: TableModel, rows: pd.DataFrame) -> Any:
    return mlflow.models.infer_signature(rows, ServedTable(model).predict(rows))
