"""Where a company's state lies: tracking and registry, store, caches, rejected rows."""

import os
from dataclasses import dataclass
from pathlib import Path

from features.errors import BadInput
from serving.learning import FILE

DEFAULT = Path(".tenure")


@dataclass(frozen=True)
class Home:
    """One folder of state. `MLFLOW_TRACKING_URI` and `TENURE_DATABASE_URL` move their parts elsewhere.

    Folders are made when they are asked for; asking for an address makes the folder it lies in.
    """

    path: Path = DEFAULT

    def __post_init__(self) -> None:
        """Refuse a home that is a file; make the path absolute, so that a later change of folder does not move it."""
        object.__setattr__(self, "path", self.path.expanduser().absolute())
        if self.path.exists() and not self.path.is_dir():
            raise BadInput(f"--home {self.path} is a file. Give a folder, or remove the file.")

    @property
    def cache(self) -> Path:
        """Prepared tables and account-day totals, keyed by content; may be deleted at any time."""
        return self._folder("cache")

    @property
    def rejects(self) -> Path:
        """Rows that broke the contract, one Parquet file a table, each row with its reason."""
        return self._folder("rejects")

    @property
    def artifacts(self) -> Path:
        """Files of MLflow's runs and models, when tracking is ours."""
        return self._folder("artifacts")

    @property
    def tables(self) -> Path:
        """What `tenure train-table` writes when no --out is given, a folder a file."""
        return self._folder("tables")

    @property
    def learned(self) -> Path:
        """What `tenure learn` found; the pages and triage read it here."""
        return self.path / FILE

    @property
    def after(self) -> Path:
        """What `tenure after` found last; the API reads it here."""
        return self.path / "after.json"

    @property
    def tracks_itself(self) -> bool:
        """Whether runs are kept in this home rather than on a tracking server of the company's."""
        return not os.environ.get("MLFLOW_TRACKING_URI")

    @property
    def tracking_uri(self) -> str:
        """Where MLflow keeps runs and the registry."""
        return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{self._made() / 'mlflow.db'}"

    @property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the store that the page, the API and the delivery ledger use."""
        return os.environ.get("TENURE_DATABASE_URL") or f"sqlite:///{self._made() / 'store.db'}"

    @property
    def sink_url(self) -> str:
        """The SQLAlchemy URL that the sql sink writes to; the store's database unless `TENURE_SINK_URL` names another."""
        return os.environ.get("TENURE_SINK_URL") or self.store_url

    @property
    def sink_url_given(self) -> bool:
        """Whether somebody named the database of the sql sink."""
        return bool(os.environ.get("TENURE_SINK_URL"))

    @property
    def error_log(self) -> Path:
        """Where the traceback of a defect of ours goes."""
        return self._made() / "error.log"

    def _folder(self, name: str) -> Path:
        folder = self._made() / name
        folder.mkdir(exist_ok=True)
        return folder

    def _made(self) -> Path:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            said = f"--home {self.path} cannot be made: {error.strerror}. Give a folder you may write to."
            raise BadInput(said) from error
        return self.path
