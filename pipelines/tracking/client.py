"""The only import of MLflow, made quiet, and one way to the registry of a home."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from features.errors import BadInput
from pipelines.home import Home
from pipelines.telemetry import silence

silence()
os.environ.setdefault("MLFLOW_UV_AUTO_DETECT", "false")  # the folder we are called from says nothing about the model
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")

import mlflow  # noqa: E402 - after what it reads on import
from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402

__all__ = ["MODEL", "MlflowClient", "MlflowException", "mlflow", "registry"]
MODEL = "tenure"
warnings.filterwarnings("ignore", message=".*input example was not provided")  # it would keep a customer's row
for _noisy in ("mlflow", "alembic"):
    logging.getLogger(_noisy).setLevel(logging.WARNING)


@contextmanager
def registry(home: Home) -> Iterator[MlflowClient]:
    """The registry at the home's address; MLflow's own errors about that address become `BadInput`."""
    _point_at(home.tracking_uri)
    try:
        yield MlflowClient()
    except MlflowException as error:
        if "API request" in str(error) or "connect" in str(error).lower():
            where = home.tracking_uri
            said = f"The tracking server {where} does not answer. Start it, or unset MLFLOW_TRACKING_URI."
            raise BadInput(said) from ConnectionError(where)
        raise


def _point_at(uri: str) -> None:
    """MLflow would leave the address in the environment, where the next home of this process would take it for its own."""
    before = os.environ.get("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri(uri)
    if before is None:
        os.environ.pop("MLFLOW_TRACKING_URI", None)
    else:
        os.environ["MLFLOW_TRACKING_URI"] = before
