"""The drivers as a waterfall: from the starting point each area moves the log-odds, and the axis reads in per cent."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from serving.figures import svg

ROW = 34.0
TOP = 8.0
SIDE = 14.0  # room at both ends, for the words of the first and last tick
TICKS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)
TICK_GAP = 42.0


@dataclass(frozen=True)
class Push:
    """One bar: its label, its length in log-odds (positive raises), and the words at its right end."""

    label: str
    push: float
    note: str


@dataclass(frozen=True)
class Labels:
    """The words of the picture: names of the first and the last line, and a description for those who cannot see it."""

    base: str
    total: str
    description: str


def waterfall(base: float, pushes: Sequence[Push], labels: Labels, percent: Callable[[float], str]) -> str:
    """The picture from `base` (log-odds) through `pushes` to their sum; `percent` writes a probability."""
    stops = list(accumulate((push.push for push in pushes), initial=base))
    place = _axis(stops)
    marks = [_tick(p, place, rows=len(pushes) + 2, percent=percent) for p in _ticks(place)]
    marks += _end(0, base, labels.base, percent(_share(base)), place)
    for row, (push, start) in enumerate(zip(pushes, stops, strict=False), start=1):
        marks += _bar(row, push, start, place)
    marks += _end(len(pushes) + 1, stops[-1], labels.total, percent(_share(stops[-1])), place)
    return svg.picture(marks, height=TOP + ROW * (len(pushes) + 2) + 20, description=labels.description, kind="waterfall")


def _bar(row: int, push: Push, start: float, place: Callable[[float], float]) -> list[str]:
    top = TOP + row * ROW
    left, right = sorted((place(start), place(start + push.push)))
    kind = "raises" if push.push > 0 else "lowers"
    return [
        svg.line(place(start), top - 9, place(start), top + 18, kind="link"),
        svg.label(0, top + 11, push.label, kind="name"),
        svg.label(svg.WIDTH, top + 11, push.note, kind=f"note {kind}", anchor="end"),
        svg.bar(left, top + 17, right - left, 10, kind=kind),
    ]


def _end(row: int, value: float, name: str, said: str, place: Callable[[float], float]) -> list[str]:
    """The first or the last line: a dot where the value lies."""
    top = TOP + row * ROW
    return [
        *([svg.line(place(value), top - 9, place(value), top + 18, kind="link")] if row else []),
        svg.label(0, top + 11, name, kind="name strong"),
        svg.label(svg.WIDTH, top + 11, said, kind="note strong", anchor="end"),
        svg.dot(place(value), top + 22, kind="end", radius=5),
    ]


def _tick(share: float, place: Callable[[float], float], *, rows: int, percent: Callable[[float], str]) -> str:
    x, bottom = place(_log_odds(share)), TOP + rows * ROW
    return svg.line(x, TOP, x, bottom, kind="grid") + svg.label(x, bottom + 14, percent(share), kind="tick", anchor="middle")


def _axis(stops: Sequence[float]) -> Callable[[float], float]:
    """Log-odds -> x; at least one unit wide, so that a picture of tiny pushes does not shout."""
    middle = (min(stops) + max(stops)) / 2
    half = max((max(stops) - min(stops)) / 2 * 1.08, 0.5)

    def place(value: float) -> float:
        return SIDE + (value - middle + half) / (2 * half) * (svg.WIDTH - 2 * SIDE)

    return place


def _ticks(place: Callable[[float], float]) -> list[float]:
    """Round probabilities on the axis, far enough from each other to be read."""
    shown: list[float] = []
    for share in TICKS:
        x = place(_log_odds(share))
        if SIDE <= x <= svg.WIDTH - SIDE and (not shown or x - place(_log_odds(shown[-1])) >= TICK_GAP):
            shown.append(share)
    return shown


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))
