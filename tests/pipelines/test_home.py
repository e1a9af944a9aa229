import pytest

from features.errors import BadInput
from pipelines.home import Home


@pytest.fixture(autouse=True)
def _no_addresses(monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("TENURE_DATABASE_URL", raising=False)


def test_a_home_is_made_when_something_in_it_is_asked_for(tmp_path):
    home = Home(tmp_path / "a" / "b")
    assert not home.path.exists()
    assert home.cache.is_dir()
    assert home.rejects == tmp_path / "a" / "b" / "rejects"


def test_tracking_and_store_lie_in_the_home(tmp_path):
    home = Home(tmp_path)
    assert home.tracking_uri == f"sqlite:///{tmp_path}/mlflow.db"
    assert home.store_url == f"sqlite:///{tmp_path}/store.db"
    assert home.tracks_itself


def test_the_environment_moves_its_parts(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://tracking:5000")
    monkeypatch.setenv("TENURE_DATABASE_URL", "postgresql+pg8000://store/tenure")
    home = Home(tmp_path)
    assert home.tracking_uri == "http://tracking:5000"
    assert home.store_url == "postgresql+pg8000://store/tenure"
    assert not home.tracks_itself


def test_a_home_stays_where_it_was_when_the_folder_changes(tmp_path, monkeypatch):
    from pathlib import Path

    monkeypatch.chdir(tmp_path)
    home = Home(Path("here"))
    monkeypatch.chdir("/")
    assert home.path == tmp_path / "here"


def test_a_home_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="is a file"):
        Home(tmp_path / "file")
    with pytest.raises(BadInput, match="cannot be made"):
        _ = Home(tmp_path / "file" / "below").cache
