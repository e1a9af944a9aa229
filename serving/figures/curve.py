"""How likely the account is to leave, the further one looks ahead."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from serving.figures import svg

HEIGHT = 190.0
LEFT, RIGHT, TOP, BOTTOM = 12.0, 16.0, 26.0, 38.0
CEILINGS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Point:
    """One horizon: days ahead, probability, and the words above the dot and below the axis (two lines)."""

    days: int
    probability: float
    said: str
    below: tuple[str, str]
    decisive: bool


@dataclass(frozen=True)
class Mark:
    """A day worth knowing (the renewal), with its name."""

    days: int
    name: str


def horizon_curve(points: Sequence[Point], mark: Mark | None, *, description: str) -> str:
    """The rising line through `points` (sorted by days, at least one); `mark` is drawn when it lies within them."""
    last = max(point.days for point in points)
    highest = ceiling([point.probability for point in points])
    floor = HEIGHT - BOTTOM

    def at(days: float, probability: float) -> tuple[float, float]:
        x = LEFT + days / last * (svg.WIDTH - LEFT - RIGHT)
        return x, floor - probability / highest * (floor - TOP)

    line = [at(0, 0), *(at(point.days, point.probability) for point in points)]
    marks = [
        svg.area(line, floor=floor, kind="fill"),
        svg.line(LEFT, floor, svg.WIDTH - RIGHT, floor, kind="axis"),
        svg.polyline(line, kind="stroke"),
        *(_dot(point, at) for point in points),
    ]
    if mark is not None and 0 <= mark.days <= last:
        marks.insert(0, _renewal(mark, at(mark.days, 0)[0], floor))
    return svg.picture(marks, height=HEIGHT, description=description, kind="curve")


def ceiling(shares: Sequence[float]) -> float:
    """The round share the axis ends at: the next above the highest."""
    return next((limit for limit in CEILINGS if limit >= max(shares)), 1.0)


def _dot(point: Point, at: Callable[[float, float], tuple[float, float]]) -> str:
    x, y = at(point.days, point.probability)
    floor = HEIGHT - BOTTOM
    anchor = "end" if x > svg.WIDTH - 30 else "middle"
    shift = 8 if anchor == "end" else 0
    first, second = point.below
    return "".join(
        (
            svg.dot(x, y, kind="dot decisive" if point.decisive else "dot", radius=5 if point.decisive else 4),
            svg.label(x + shift, y - 10, point.said, kind="value strong" if point.decisive else "value", anchor=anchor),
            svg.label(x + shift, floor + 15, first, kind="tick", anchor=anchor),
            svg.label(x + shift, floor + 29, second, kind="tick faint", anchor=anchor),
        )
    )


def _renewal(mark: Mark, x: float, floor: float) -> str:
    anchor = "end" if x > svg.WIDTH / 2 else "start"
    return svg.line(x, 12, x, floor, kind="mark") + svg.label(
        x + (-4 if anchor == "end" else 4), 10, mark.name, kind="tick", anchor=anchor
    )
