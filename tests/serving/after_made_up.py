"""Saves and losses of the made-up company of `conftest.py`: one in its programme, one watched, two that left."""

from datetime import date
from pathlib import Path

import yaml

from features.aftermath import Attempt, Loss, Promise, Saved
from serving.after import After, after
from serving.params import AfterParams

AFTER_PARAMS = AfterParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["after"])
DAY = date(2026, 3, 2)
WHO = {
    "A-001": ("Ñandú Logística, S.A.", "ana.ruiz"),
    "A-002": ("Brightwater Foods", "tom.becker"),
    "L-001": ("Gone & Co <b>", "ana.ruiz"),
    "L-002": ("Zarza Textil", None),
}
SAVED = (
    Saved(
        "A-001",
        date(2026, 1, 11),
        "product_issue",
        (
            Promise("faster answers from support", date(2025, 12, 20), "tom.becker", date(2026, 2, 20)),
            Promise("a second training", date(2025, 12, 20), None, None),
        ),
    ),
    Saved("A-002", date(2025, 9, 3), "value_roi", ()),
)
LOST = (
    Loss(
        "L-001",
        date(2026, 2, 24),
        "competitor",
        "Quantaro",
        interviewed=False,
        attempts=(Attempt("budget", date(2026, 1, 5), "lost", 20.0),),
        news=(),
    ),
    Loss("L-002", date(2025, 9, 4), "service", None, interviewed=True, attempts=(), news=(("funding", date(2026, 2, 26)),)),
)


def made_up_after(saved: tuple[Saved, ...] = SAVED, lost: tuple[Loss, ...] = LOST) -> After:
    """What is open on the day of the newest run; L-001 was first held at high risk on 10 December."""
    return after(
        saved,
        lost,
        WHO,
        lambda account, _: date(2025, 12, 10) if account == "L-001" else None,
        AFTER_PARAMS,
        as_of=DAY,
        days=AFTER_PARAMS.look_ahead_days,
    )
