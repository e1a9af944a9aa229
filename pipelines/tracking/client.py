"""The only import of MLflow, made quiet, and one way to the registry of a home."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from features.errors import BadInput
from pipelines.home import Home
from pipelines.telemetry import silence
from serving.store.engine import hide_password
from serving.store.failures import Failure, failure, reason

silence()
os.environ.setdefault("MLFLOW_UV_AUTO_DETECT", "false")  # the folder we are called from says nothing about the model
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")

import mlflow  # noqa: E402 - after what it reads on import
from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402

__all__ = ["MODEL", "MlflowClient", "MlflowException", "mlflow", "registry"]
MODEL = "tenure"
_OWN_FILE: dict[Failure | None, str] = {
    "busy": "Another run uses it; try again when that one is done",
    "closed": "Give a --home you may write to, with space left",
    "damaged": "Restore mlflow.db from a copy, or move it away and train again",
}
warnings.filterwarnings("ignore", message=".*input example was not provided")  # it would keep a customer's row
for _noisy in ("mlflow", "alembic"):
    logging.getLogger(_noisy).setLevel(logging.WARNING)


@contextmanager
def registry(home: Home) -> Iterator[MlflowClient]:
    """The registry at the home's address; errors about that address, MLflow's own or its database's, become `BadInput`."""
    uri = home.tracking_uri
    try:
        _ask_once(uri)
        _point_at(uri)
        client = MlflowClient()
        client.search_registered_models(max_results=1)  # MLflow would open the address only at the first question
    except (MlflowException, SQLAlchemyError, OSError, ImportError, ValueError) as error:
        raise _unusable(home, error) from _cause(error, uri)
    try:
        yield client
    except (MlflowException, DBAPIError) as error:
        if isinstance(error, DBAPIError) or _silent(error) or _of_database(error):
            raise _unusable(home, error) from _cause(error, uri)
        raise


def _unusable(home: Home, error: Exception) -> BadInput:
    where = hide_password(home.tracking_uri)
    if _silent(error):
        return BadInput(f"The tracking server {where} does not answer. Start it, or unset MLFLOW_TRACKING_URI.")
    database = _of_database(error)
    mlflows = isinstance(error, MlflowException) and database is None
    words = hide_password(str(error).splitlines()[0]) if mlflows else reason(database or error)
    return BadInput(f"Runs and models cannot be kept at {where}: {words.rstrip('.')}. {_remedy(home, failure(database))}.")


def _of_database(error: BaseException | None) -> DBAPIError | None:
    """What the database said of itself, which MLflow wraps; None when the error is another."""
    while error is not None:
        if isinstance(error, DBAPIError) and failure(error):
            return error
        error = error.__cause__
    return None


def _remedy(home: Home, what: Failure | None) -> str:
    """What mends it: of a database at an address of the company's its address, of our own file what its error asks for."""
    if not home.tracks_itself:
        return "Give MLFLOW_TRACKING_URI the address of a tracking server or of its database, or unset it"
    return _OWN_FILE.get(what, "Give another --home")


def _silent(error: Exception) -> bool:
    return isinstance(error, MlflowException) and ("API request" in str(error) or "connect" in str(error).lower())


def _cause(error: Exception, uri: str) -> Exception:
    """What a flow decides by whether to try again: a server that does not answer may do so later."""
    return ConnectionError(hide_password(uri)) if _silent(error) else error


def _ask_once(uri: str) -> None:
    """Of a database server that does not answer, say so now: MLflow would ask ten times, for two minutes."""
    if uri.startswith(("postgresql", "mysql", "mssql")):
        create_engine(uri, poolclass=NullPool).connect().close()


def _point_at(uri: str) -> None:
    """MLflow would leave the address in the environment, where the next home of this process would take it for its own."""
    before = os.environ.get("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri(uri)
    if before is None:
        os.environ.pop("MLFLOW_TRACKING_URI", None)
    else:
        os.environ["MLFLOW_TRACKING_URI"] = before
