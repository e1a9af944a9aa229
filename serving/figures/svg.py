"""The few marks the figures are made of. Every text is escaped here; sizes are in units of the view box."""

from collections.abc import Iterable
from html import escape

WIDTH = 400.0


def picture(parts: Iterable[str], *, height: float, description: str, kind: str) -> str:
    """One `<svg>` that scales with its place; a screen reader reads `description` instead of the marks."""
    return (
        f'<svg class="figure {kind}" viewBox="0 0 {WIDTH:g} {height:g}" role="img" aria-label="{escape(description)}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def label(x: float, y: float, words: str, *, kind: str = "", anchor: str = "start") -> str:
    """Words at a point; `anchor` says which end of them lies there."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, *, kind: str) -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def bar(x: float, y: float, width: float, height: float, *, kind: str) -> str:
    """A bar with slightly rounded corners; one that is too thin to see is drawn 1.5 wide."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1.5):.1f}" height="{height:.1f}" rx="2" class="{kind}"/>'


def dot(x: float, y: float, *, kind: str, radius: float = 4) -> str:
    """A dot."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" class="{kind}"/>'


def polyline(points: Iterable[tuple[float, float]], *, kind: str) -> str:
    """A line through the points."""
    return f'<polyline points="{_joined(points)}" class="{kind}"/>'


def area(points: Iterable[tuple[float, float]], *, floor: float, kind: str) -> str:
    """The surface between a line through the points and `floor`; nothing for no points."""
    outline = list(points)
    if not outline:
        return ""
    closed = [(outline[0][0], floor), *outline, (outline[-1][0], floor)]
    return polygon(closed, kind=kind)


def polygon(points: Iterable[tuple[float, float]], *, kind: str) -> str:
    """A closed surface."""
    return f'<polygon points="{_joined(points)}" class="{kind}"/>'


def _joined(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
