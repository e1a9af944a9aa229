"""However the log is laid out, cut and totalled, every signal over it is the same to the last bit."""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from features.catalogue import catalogue
from features.clean_files import clean_files
from features.history import History
from features.params import PeerParams
from features.snapshots import Setting, matrix
from features.totals.store import FOLDER
from tests.generative.test_time_law import company, few
from tests.spec.cases import AS_OF, NOW
from tests.spec.conftest import open_company

SIGNALS = [signal for signal in catalogue() if signal.view.by_day]
AS_OFS = (AS_OF - timedelta(days=31), AS_OF, AS_OF + timedelta(days=45))
WAYS = {
    "grains kept as rows": {"features.totals.store.PAYS_FROM": -1.0},
    "totals at every grain": {"features.totals.store.PAYS_FROM": 9.0},
    "accounts one by one": {"features.history.ROWS_A_GB": 1},
}


@dataclass(frozen=True)
class Use:
    """One row of usage: days before as_of, and days until it was learned of; a few things have several versions."""

    age: int
    delay: int
    event: int | None
    user: str | None
    feature: str
    quantity: float

    def row(self, account):
        at = NOW - pd.Timedelta(days=self.age) + pd.Timedelta(hours=3)
        event = None if self.event is None else f"{account}-{self.event}"
        what = {"user_id": self.user, "feature": self.feature, "quantity": self.quantity, "event_id": event}
        return {"account_id": account, "occurred_at": at, "known_at": at + pd.Timedelta(days=self.delay), **what}


USES = st.lists(
    st.builds(
        Use,
        age=st.integers(-20, 200),
        delay=st.sampled_from((0, 0, 0, 1, 2, 30)),
        event=st.none() | st.integers(0, 9),
        user=st.sampled_from((None, "ana", "bo")),
        feature=st.sampled_from(("reports", "alerts", "data_export")),
        quantity=st.sampled_from((0.0, 1.0, 2.0, 7.0)) | st.sampled_from((0.5, 1e-9, 1e15)),
    ),
    max_size=40,
)


def signals(folder, peers, **values):
    """The matrix of a folder of clean tables, with nothing totalled yet and these values in place of the product's."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    with ExitStack() as patches:
        for name, value in values.items():
            patches.enter_context(mock.patch(name, value))
        return matrix(History.open(folder), AS_OFS, SIGNALS, Setting((), 30, peers), lambda *_: None).frame


@few(4)
@given(old=USES, young=USES)
def test_however_the_log_is_cut_and_totalled_the_signals_are_the_same(old, young, settings):
    rows = company({name: [("usage", use.row(name)) for use in uses] for name, uses in (("old", old), ("young", young))})
    with TemporaryDirectory() as whole, TemporaryDirectory() as parted:
        open_company(rows, Path(whole), settings, refuse=False)
        with mock.patch("features.clean_files.PART_ROWS", 7):
            open_company(rows, Path(parted), settings, refuse=False)
        assert len(clean_files(Path(parted), "usage")) > 1 or len(old) + len(young) < 7
        peers = PeerParams(**settings["peers"])
        plain = signals(Path(whole), peers)
        for way in ({}, *WAYS.values()):
            pd.testing.assert_frame_equal(signals(Path(parted), peers, **way), plain, check_exact=True)
