"""The pictures of a model's run: what moves it (SHAP beeswarm, one waterfall) and whether it is calibrated."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np

from pipelines.pushes import Pushes

mpl.use("Agg")

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 15
SCATTER_SEED = 0  # of dots beside each other; says nothing


def beeswarm(pushes: Pushes, path: Path) -> None:
    """Every account a dot for each of the strongest signals; no picture of an empty company."""
    if not len(pushes.values):
        return
    import shap

    with warnings.catch_warnings(), _scattered_alike():
        warnings.simplefilter("ignore", RuntimeWarning)  # the colour scale of a signal that is a name, or all unknown
        axes = shap.plots.beeswarm(_explanation(pushes), max_display=SHOWN, show=False, plot_size=(10, 7))
    axes.set_xlabel("push on the log-odds of leaving")
    _save(path)


@contextmanager
def _scattered_alike() -> Iterator[None]:
    """The package scatters its dots by NumPy's common random numbers: the same each time, and nobody else's are touched."""
    before = np.random.get_state()  # noqa: NPY002 - theirs
    np.random.seed(SCATTER_SEED)  # noqa: NPY002 - theirs
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002 - theirs


def waterfall(pushes: Pushes, path: Path) -> None:
    """How the margin of the riskiest account comes about, signal by signal."""
    if not len(pushes.values):
        return
    import shap

    shap.plots.waterfall(_explanation(pushes)[pushes.riskiest], max_display=SHOWN, show=False)
    _save(path)


def reliability(predicted: Sequence[float], observed: Sequence[float], counts: Sequence[int], path: Path, *, tested: str) -> None:
    """Observed share that left beside the predicted probability, a bin a dot, its area the number of rows; `tested` says how."""
    from matplotlib import pyplot as plt

    top = max([*predicted, *observed, 0.01]) * 1.05
    figure, axes = plt.subplots(figsize=(6, 6))
    axes.plot([0, top], [0, top], color="0.7", linewidth=1, zorder=0)
    axes.scatter(predicted, observed, s=[20 + 180 * n / max(counts) for n in counts])
    axes.set(xlim=(0, top), ylim=(0, top), xlabel="predicted probability (0 to 1)", ylabel="share that left (0 to 1)")
    axes.set_title(f"Calibration, {tested}")
    _save(path, figure)


def _explanation(pushes: Pushes) -> Any:
    import shap

    return shap.Explanation(values=pushes.values, base_values=pushes.base, data=pushes.data, feature_names=list(pushes.names))


def _save(path: Path, figure: "Figure | None" = None) -> None:
    from matplotlib import pyplot as plt

    drawn = figure or plt.gcf()
    drawn.savefig(path, dpi=100, bbox_inches="tight", metadata={"Software": None})
    plt.close(drawn)
