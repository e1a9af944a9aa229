"""How the probability at the decision horizon moved from run to run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from serving.figures import svg
from serving.figures.curve import ceiling

HEIGHT = 130.0
LEFT, RIGHT, TOP, BOTTOM = 12.0, 16.0, 24.0, 24.0


@dataclass(frozen=True)
class Score:
    """One run: its day, the probability, the risk band (it colours the dot) and the words for both."""

    day: date
    probability: float
    band: str
    said: str
    day_said: str


def history_line(scores: Sequence[Score], *, description: str) -> str:
    """The line through `scores` (oldest first, at least two); the first and the last carry their numbers."""
    first, last = scores[0], scores[-1]
    span = max(1, (last.day - first.day).days)
    highest = ceiling([score.probability for score in scores])
    floor = HEIGHT - BOTTOM

    def at(score: Score) -> tuple[float, float]:
        x = LEFT + (score.day - first.day).days / span * (svg.WIDTH - LEFT - RIGHT)
        return x, floor - score.probability / highest * (floor - TOP)

    marks = [
        svg.line(LEFT, floor, svg.WIDTH - RIGHT, floor, kind="axis"),
        svg.polyline((at(score) for score in scores), kind="stroke"),
        *(svg.dot(*at(score), kind=f"dot band-{score.band}", radius=3.5) for score in scores),
    ]
    for score, anchor, shift in ((first, "start", -4), (last, "end", 8)):
        x, y = at(score)
        kind = "value strong" if score is last else "value"
        marks.append(svg.label(x + shift, y - 9, score.said, kind=kind, anchor=anchor))
        marks.append(svg.label(x + shift, floor + 16, score.day_said, kind="tick", anchor=anchor))
    return svg.picture(marks, height=HEIGHT, description=description, kind="past")
