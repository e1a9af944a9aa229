"""Draws docs/signals/<family>.svg from a company's folder: `pictures.py FOLDER UNTIL [HOME]` (`tenure world` makes a folder).

Of each signal, over all accounts and the firsts of the months before UNTIL: how its values spread, from the 1st to the 99th
percentile, and the share that left within 90 days by tenth of the rows, lowest values first (by value, where there are no more than
ten; rows of equal value stay together); the line is the share of all. A signal of names or of one value has no picture; how often it is known stands beside it.
"""

import sys
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd

from features.signal import FAMILIES, Signal
from models.metrics import bin_edges
from models.rows import Outcomes
from models.splits import labelled
from models.training import microseconds
from pipelines.company import Company
from pipelines.home import Home
from pipelines.params import load
from pipelines.preparing import prepare
from pipelines.progress import Stages
from serving.figures import svg

HERE = Path(__file__).parent / "signals"
ROW, TOP, BARS, TENTHS = 26.0, 18.0, 14, 10
SPREAD, LEFT_BY = (172.0, 96.0), (288.0, 104.0)
STYLE = (
    "<style>text{font:8px sans-serif;fill:#333}.head{fill:#777}.spread{fill:#9db7d5}.all{stroke:#aaa;stroke-width:.7}"
    ".left{fill:none;stroke:#b3403a;stroke-width:1.2}.tenth{fill:#b3403a}.floor{stroke:#ccc;stroke-width:.6}</style>"
)


def sheet(family: str, signals: list[Signal], frame: pd.DataFrame, left: np.ndarray) -> str:
    """One family's picture: a row a signal."""
    parts = [STYLE]
    heads = ((2.0, "signal (known of so many)"), (SPREAD[0], "its values"), (LEFT_BY[0], "left within 90 days, by tenth"))
    parts += [svg.label(x, 9, words, kind="head") for x, words in heads]
    for number, each in enumerate(signals):
        parts += _row(each, frame[each.name], left, TOP + ROW * (number + 1) - 5)
    height = TOP + ROW * len(signals) + 4
    return svg.picture(parts, height=height, description=f"{family}: how each signal spreads, and who left", kind="signals") + "\n"


def _row(each: Signal, column: pd.Series, left: np.ndarray, floor: float) -> list[str]:
    known = column.notna().to_numpy()
    parts = [svg.label(2, floor - 6, f"{each.name} ({known.mean():.0%})")]
    if each.category or not known.any() or column[known].nunique() < 2:
        return parts
    values, events = column[known].to_numpy(dtype=float), left[known]
    return [*parts, *_spread(values, floor), *_churn(values, events, left.mean(), floor)]


def _spread(values: np.ndarray, floor: float) -> list[str]:
    low, high = np.quantile(values, [0.01, 0.99])
    counts, _ = np.histogram(values.clip(low, high), bins=BARS, range=(low, high) if high > low else None)
    width = SPREAD[1] / BARS
    bars = [(SPREAD[0] + n * width, 20.0 * count / counts.max()) for n, count in enumerate(counts) if count]
    return [svg.bar(x, floor - height, width - 1, height, kind="spread") for x, height in bars]


def _churn(values: np.ndarray, events: np.ndarray, usual: float, floor: float) -> list[str]:
    """The share of each group that left."""
    order = np.argsort(values, kind="stable")
    different = np.unique(values)
    begins = different if len(different) <= TENTHS else values[order][bin_edges(len(values), TENTHS)]
    cuts = np.unique(np.searchsorted(values[order], begins, side="left"))
    shares = [group.mean() for group in np.split(events[order], cuts[1:])]
    middles = [(first + last) / 2 / len(values) for first, last in zip(cuts, [*cuts[1:], len(values)], strict=True)]
    top = max(3 * usual, *shares)
    points = [(LEFT_BY[0] + LEFT_BY[1] * x, floor - 20.0 * share / top) for x, share in zip(middles, shares, strict=True)]
    ends, level = (LEFT_BY[0], LEFT_BY[0] + LEFT_BY[1]), floor - 20.0 * usual / top
    return [
        svg.line(ends[0], floor, ends[1], floor, kind="floor"),
        svg.line(ends[0], level, ends[1], level, kind="all"),
        svg.polyline(points, kind="left"),
        *(svg.dot(x, y, kind="tenth", radius=1.3) for x, y in points),
    ]


def main() -> None:
    """Write one sheet a family."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    until, params = date.fromisoformat(sys.argv[2]), load(None)
    home = Home(Path(sys.argv[3]) if len(sys.argv) > 3 else Path(mkdtemp(prefix="pictures-")))
    company = Company(prepare(sys.argv[1], "contract", home, params), params)
    frame = company.matrix(company.grid(until), Stages()).frame
    outcomes = Outcomes.of(frame, company.follow_up(frame, until))
    rows, left = labelled(outcomes, params.decision.horizon_days, microseconds(until))
    HERE.mkdir(exist_ok=True)
    for family in FAMILIES:
        signals = [each for each in company.catalogue if each.family == family]
        path = HERE / f"{family}.svg"
        path.write_text(sheet(family, signals, frame.iloc[rows].reset_index(drop=True), left.astype(float)), encoding="utf-8")
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
