"""A delivery that is killed outright: the next run ends where an undisturbed one would have."""

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from serving.delivery import deliver
from serving.ledger import Ledger
from serving.recommendation import Recommendation
from serving.sinks.csv import CsvSink
from serving.store import Store

KILLED_IN_THE_SECOND_BATCH = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from serving.delivery import deliver
from serving.ledger import Ledger
from serving.sinks.csv import CsvSink
from serving.store import Store
sys.path.insert(0, sys.argv[1])
from delivery_rows import ROWS

class Dying(CsvSink):
    batch_rows = 4
    sent = 0
    def send(self, rows):
        receipts = super().send(rows)
        Dying.sent += 1
        if Dying.sent == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return receipts

ledger = Ledger(Store(sys.argv[2]).engine)
deliver(ROWS, Dying(Path(sys.argv[3])), ledger, lambda: datetime(2026, 3, 2, tzinfo=UTC), dry_run=False)
"""


def clock() -> datetime:
    return datetime(2026, 3, 2, 6, tzinfo=UTC)


def row(number: int) -> Recommendation:
    return Recommendation(
        account_id=f"A-{number:03d}",
        crm_id=None,
        as_of=date(2026, 3, 2),
        p_churn_90d=0.5,
        risk_band="critical",
        driver_1="support",
        driver_2=None,
        playbook="product_issue",
        why_en="Tickets repeat.",
        why_es="Las incidencias se repiten.",
        respond_by=datetime(2026, 3, 3, tzinfo=UTC),
        first_step_en="Call.",
        first_step_es="Llame.",
        first_step_owner="csm",
        first_step_due=date(2026, 3, 2),
        model_version="3",
        link="http://127.0.0.1:8000/accounts/A",
    )


ROWS = [row(number) for number in range(10)]


def test_a_run_killed_in_the_middle_ends_where_an_undisturbed_one_does(tmp_path):
    (tmp_path / "delivery_rows.py").write_text(_as_module(ROWS), encoding="utf-8")
    url, out = f"sqlite:///{tmp_path}/store.db", tmp_path / "killed"
    command = [sys.executable, "-c", KILLED_IN_THE_SECOND_BATCH, str(tmp_path), url, str(out)]
    died = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    assert died.returncode == -signal.SIGKILL
    store = Store(url)
    ledger = Ledger(store.engine)
    report = deliver(ROWS, CsvSink(out), ledger, clock, dry_run=False)
    assert (report.planned, report.ok, report.unchanged) == (6, 6, 4)
    assert deliver(ROWS, CsvSink(out), ledger, clock, dry_run=False).planned == 0
    deliver(ROWS, CsvSink(tmp_path / "quiet"), ledger, clock, dry_run=False)
    assert (out / "2026-03-02.csv").read_bytes() == (tmp_path / "quiet" / "2026-03-02.csv").read_bytes()
    store.close()


def _as_module(rows) -> str:
    return f"import datetime\nfrom serving.recommendation import Recommendation\nROWS = {rows!r}\n"
