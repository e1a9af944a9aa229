"""One run of MLflow a training: settings, metrics, pictures, tables, and the model without pickle."""

import json
from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from models.gate import GateResult
from models.model import Model
from models.training import Training
from pipelines.home import Home
from pipelines.lineage import Lineage
from pipelines.params import Params
from pipelines.pyfunc_model import Served
from pipelines.tracking.client import MODEL, MlflowClient, mlflow, registry
from pipelines.tracking.registry import verdict_tags
from serving.card import CardFacts

NEEDED = ("lightgbm", "numpy", "pandas", "pydantic", "scipy")


@dataclass(frozen=True)
class Logged:
    """Where a training was logged; `version` is None when it was not registered."""

    run_id: str
    version: str | None


def log_training(
    training: Training,
    gate: GateResult,
    latest: pd.DataFrame,
    *,
    home: Home,
    lineage: Lineage,
    params: Params,
    register: bool,
    card: CardFacts,
) -> Logged:
    """Log settings, metrics, pictures, tables, card and model as one run; with `register` it becomes the `challenger`.

    `latest` is the matrix of the newest snapshot. The card is there as data and as a page in each language. Nothing is
    registered unless all of it was logged.
    """
    from pipelines.record import metrics_of, write_card, write_record

    with registry(home) as client, TemporaryDirectory(prefix="tenure-") as scratch:
        record, model = Path(scratch, "record"), Path(scratch, "model")
        record.mkdir()
        write_record(training, gate, latest, record)
        write_card(card, record, params.serving.currency)
        training.model.to_dir(model)
        with mlflow.start_run(experiment_id=experiment(client, home, MODEL), tags=lineage.tags()) as run:
            mlflow.log_params(flat(params))
            mlflow.log_metrics(metrics_of(training))
            mlflow.log_artifacts(str(record))
            logged = mlflow.pyfunc.log_model(
                name="model",
                loader_module="pipelines.pyfunc_model",
                data_path=str(model),
                signature=_signature(training.model, latest),
                pip_requirements=needed(),
                metadata=lineage.tags(),
            )
        tags = lineage.tags() | verdict_tags(gate)
        version = _register(client, logged.model_uri, run.info.run_id, tags) if register else None
        return Logged(run.info.run_id, version)


def needed() -> list[str]:
    """What a logged model needs to be loaded, as installed here."""
    return [f"{name}=={installed(name)}" for name in NEEDED]


def _register(client: MlflowClient, uri: str, run_id: str, tags: dict[str, str]) -> str:
    if not client.search_registered_models(f"name='{MODEL}'"):
        client.create_registered_model(MODEL)
    made = client.create_model_version(MODEL, uri, run_id, tags=tags)
    client.set_registered_model_alias(MODEL, "challenger", made.version)
    return str(made.version)


def experiment(client: MlflowClient, home: Home, name: str) -> str:
    """The id of the experiment of this name, made when it is new."""
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    files = home.artifacts.as_uri() if home.tracks_itself else None
    return str(client.create_experiment(name, artifact_location=files))


def _signature(model: Model, latest: pd.DataFrame) -> Any:
    some = latest.head(5)
    return mlflow.models.infer_signature(some, Served(model).predict(some))


def flat(params: Params) -> dict[str, str]:
    """Every setting by `section.key`; what is nested deeper stays together as JSON."""
    sections = params.model_dump(mode="json")
    return {
        f"{section}.{key}": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for section, values in sections.items()
        for key, value in values.items()
    }
