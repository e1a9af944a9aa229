"""Lines and dots over two named axes, with a legend: what the curves of the model card are drawn with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from serving.figures import svg

HEIGHT = 250.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 14.0, 26.0, 46.0
LEGEND_ROW = 17.0
LONG_NAME = 24  # letters that fit half a row
Place = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Axis:
    """Its name with the unit, where it ends (it begins at 0), and its ticks: value and words."""

    title: str
    end: float
    ticks: Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Line:
    """A line: its name in the legend, its style (`c0` … `c4`), its points, and the low and high ends around it, if any."""

    name: str
    kind: str
    points: Sequence[tuple[float, float]]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


@dataclass(frozen=True)
class Dot:
    """A dot with its interval on the y axis; `size` is its radius."""

    x: float
    y: float
    low: float
    high: float
    size: float


@dataclass(frozen=True)
class Upright:
    """A dashed upright line at x, with a name."""

    x: float
    name: str


def plot(
    lines: Sequence[Line],
    x: Axis,
    y: Axis,
    *,
    description: str,
    dots: Sequence[Dot] = (),
    upright: Upright | None = None,
    same: str = "",
) -> str:
    """The picture. `same` names a diagonal on which both axes say the same; empty for none. Nothing to draw: bare axes."""
    floor = HEIGHT - BOTTOM

    def at(across: float, up: float) -> tuple[float, float]:
        return LEFT + across / x.end * (svg.WIDTH - LEFT - RIGHT), floor - up / y.end * (floor - TOP)

    marks = _axes(x, y, at)
    if same:
        end = min(x.end, y.end)
        marks.append(svg.line(*at(0, 0), *at(end, end), kind="mark"))
    if upright is not None:
        across = at(upright.x, 0)[0]
        marks += [svg.line(across, TOP, across, floor, kind="mark"), svg.label(across + 4, TOP + 8, upright.name, kind="tick")]
    marks += [_band(line, at) for line in lines if line.low]
    marks += [svg.polyline((at(*point) for point in line.points), kind=f"line {line.kind}") for line in reversed(lines)]
    marks += [_dot(dot, at) for dot in dots]
    names = [(line.name, line.kind) for line in lines] + ([(same, "same")] if same else [])
    legend, rows = _legend(names)
    return svg.picture([*marks, *legend], height=HEIGHT + rows * LEGEND_ROW, description=description, kind="plot")


def _axes(x: Axis, y: Axis, at: Place) -> list[str]:
    floor = HEIGHT - BOTTOM
    marks = [svg.label(0, 10, y.title, kind="axis-title")]
    for value, said in y.ticks:
        up = at(0, value)[1]
        marks += [
            svg.line(LEFT, up, svg.WIDTH - RIGHT, up, kind="grid"),
            svg.label(LEFT - 6, up + 4, said, kind="tick", anchor="end"),
        ]
    marks.append(svg.line(LEFT, floor, svg.WIDTH - RIGHT, floor, kind="axis"))
    for value, said in x.ticks:
        across = at(value, 0)[0]
        marks += [
            svg.line(across, floor, across, floor + 4, kind="axis"),
            svg.label(across, floor + 16, said, kind="tick", anchor="middle"),
        ]
    middle = (LEFT + svg.WIDTH - RIGHT) / 2
    return [*marks, svg.label(middle, floor + 34, x.title, kind="axis-title", anchor="middle")]


def _band(line: Line, at: Place) -> str:
    across = [point[0] for point in line.points]
    there = [at(*each) for each in zip(across, line.high, strict=True)]
    back = [at(*each) for each in zip(reversed(across), reversed(line.low), strict=True)]
    return svg.polygon([*there, *back], kind="interval")


def _dot(dot: Dot, at: Place) -> str:
    across, up = at(dot.x, dot.y)
    return svg.line(across, at(0, dot.low)[1], across, at(0, dot.high)[1], kind="whisker") + svg.dot(
        across, up, kind="dot", radius=dot.size
    )


def _legend(names: Sequence[tuple[str, str]]) -> tuple[list[str], int]:
    """Two names a row, one when a name is long, each beside a piece of its line."""
    marks, a_row = [], 1 if any(len(name) > LONG_NAME for name, _ in names) else 2
    for number, (name, kind) in enumerate(names):
        left, top = LEFT + (number % a_row) * 178, HEIGHT + 8 + (number // a_row) * LEGEND_ROW
        style = "mark" if kind == "same" else f"line {kind}"
        marks += [svg.line(left, top, left + 22, top, kind=style), svg.label(left + 28, top + 4, name, kind="tick")]
    return marks, -(-len(names) // a_row)
