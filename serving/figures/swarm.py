"""A beeswarm: a row a signal, a dot an account, to the right what raises the risk, its colour how high the value is."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from serving.figures import svg

ROW, TOP, FOOT = 40.0, 6.0, 66.0
SIDE = 10.0
SHADES = 5
COLUMN = 3.0  # dots of one column lie on each other, half up and half down
STEP = 2.4
MOST_HIGH = 5


@dataclass(frozen=True)
class Row:
    """A signal by its name, and (push, place of its value from 0 to 1 or None) of each account."""

    name: str
    dots: Sequence[tuple[float, float | None]]


@dataclass(frozen=True)
class Labels:
    """The words: the axis with its unit, the ends and the unknown of the colour scale, a description; how a push is written."""

    axis: str
    low: str
    high: str
    unknown: str
    description: str
    number: Callable[[float], str]


def swarm(rows: Sequence[Row], labels: Labels) -> str:
    """The picture, the strongest signal first as given; pushes share one axis, wide enough for the largest."""
    widest = max((abs(push) for row in rows for push, _ in row.dots), default=0.0) or 1.0

    def place(push: float) -> float:
        return svg.WIDTH / 2 + push / widest * (svg.WIDTH / 2 - SIDE)

    floor = TOP + ROW * len(rows)
    marks = [svg.line(place(0), TOP, place(0), floor, kind="axis")]
    for number, row in enumerate(rows):
        marks += _row(row, TOP + number * ROW, place)
    step = _round_step(widest)
    count = int(widest / step)
    for tick in range(-count, count + 1):
        value = tick * step
        marks += [svg.line(place(value), floor, place(value), floor + 4, kind="axis")]
        marks.append(svg.label(place(value), floor + 16, labels.number(value), kind="tick", anchor="middle"))
    marks.append(svg.label(svg.WIDTH / 2, floor + 33, labels.axis, kind="axis-title", anchor="middle"))
    marks += _scale(floor + 50, labels)
    return svg.picture(marks, height=floor + FOOT, description=labels.description, kind="swarm")


def _row(row: Row, top: float, place: Callable[[float], float]) -> list[str]:
    middle, taken = top + 26, Counter[int]()
    marks = [svg.label(0, top + 10, row.name, kind="name"), svg.line(SIDE, middle, svg.WIDTH - SIDE, middle, kind="grid")]
    for push, value in sorted(row.dots, key=lambda dot: dot[0]):
        column = round(place(push) / COLUMN)
        up = min((taken[column] + 1) // 2, MOST_HIGH) * (1 if taken[column] % 2 else -1)
        taken[column] += 1
        shade = "unknown" if value is None else f"v{min(int(value * SHADES), SHADES - 1)}"
        marks.append(svg.dot(place(push), middle + up * STEP, kind=shade, radius=1.9))
    return marks


def _scale(top: float, labels: Labels) -> list[str]:
    left = 96.0
    marks = [svg.label(left - 6, top + 4, labels.low, kind="tick", anchor="end")]
    marks += [svg.dot(left + 4 + 11 * shade, top, kind=f"v{shade}") for shade in range(SHADES)]
    marks.append(svg.label(left + 58, top + 4, labels.high, kind="tick"))
    marks += [svg.dot(svg.WIDTH - 140, top, kind="unknown"), svg.label(svg.WIDTH - 130, top + 4, labels.unknown, kind="tick")]
    return marks


def _round_step(widest: float) -> float:
    """A round distance of ticks: one to four on each side."""
    return next((step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0) if widest / step <= 4), widest)
