"""A table of shares as shades: rows by name, columns by day, the darker the larger, each with its number."""

from collections.abc import Sequence
from dataclasses import dataclass

from serving.figures import svg

LEFT, TOP, ROW = 152.0, 30.0, 20.0
SHADES = 5


@dataclass(frozen=True)
class Row:
    """A name, and a share (0 to 1) with its words for each column."""

    name: str
    cells: Sequence[tuple[float, str]]


def heat(rows: Sequence[Row], columns: Sequence[str], title: str, *, description: str) -> str:
    """The picture; `title` says what the shares are of. Shades are relative to the largest share."""
    width = (svg.WIDTH - LEFT) / max(len(columns), 1)
    most = max((share for row in rows for share, _ in row.cells), default=0.0) or 1.0
    marks = [svg.label(0, 10, title, kind="axis-title")]
    every = 1 if width >= 30 else 2
    for number, name in enumerate(columns):
        if (len(columns) - 1 - number) % every == 0:
            marks.append(svg.label(LEFT + (number + 0.5) * width, TOP - 5, name, kind="tick faint", anchor="middle"))
    for line, row in enumerate(rows):
        top = TOP + line * ROW
        marks.append(svg.label(0, top + 14, row.name, kind="name"))
        for number, (share, said) in enumerate(row.cells):
            shade = min(int(share / most * SHADES), SHADES - 1)
            left = LEFT + number * width
            marks.append(svg.bar(left + 0.5, top + 0.5, width - 1, ROW - 1, kind=f"h{shade}"))
            marks.append(svg.label(left + width / 2, top + 14, said, kind="tick cell", anchor="middle"))
    return svg.picture(marks, height=TOP + ROW * len(rows) + 4, description=description, kind="heat")
