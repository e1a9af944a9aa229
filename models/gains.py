"""How many of those who leave are found by working on how many, riskiest first."""

import numpy as np

from models.periods import Floats

STEPS = 20


def gains(events: Floats, score: Floats) -> list[tuple[float, float]]:
    """(share of the rows worked on, share of the events among them) at 0, 5, 10 … 100 %; ties count alike; empty without events.

    Of rows with the same score the share that is due counts, as if they were worked on in any order.
    """
    if not events.sum() > 0:
        return []
    order = np.argsort(-score, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(score[order]) != 0]))
    worked = np.concatenate([[0.0], np.cumsum(np.diff(np.append(starts, len(order))))]) / len(order)
    found = np.concatenate([[0.0], np.cumsum(np.add.reduceat(events[order], starts))]) / events.sum()
    steps = np.linspace(0.0, 1.0, STEPS + 1)
    return [(float(step), float(share)) for step, share in zip(steps, np.interp(steps, worked, found), strict=True)]
