"""A table's model on disk: `table.json` and one LightGBM text a seed. The same model always gives the same bytes."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from models.calibration import Platt
from models.encoding import Feature
from models.folder import read, write
from models.tabular.curves import Curve
from models.tabular.model import TableModel
from models.tabular.smooth import Smooth

HEAD = "table.json"


def to_dir(model: TableModel, folder: Path) -> tuple[Path, ...]:
    """Write the model into the folder (made when absent) and return the files written."""
    head = {
        "kind": model.kind,
        "features": [asdict(feature) for feature in model.features],
        "levels": model.levels,
        "anchor": {name: value for name, value in asdict(model.anchor).items() if name != "features"},
        "anchor_share": model.anchor_share,
        "calibration": asdict(model.calibration),
        "fingerprint": model.fingerprint,
    }
    return write(folder, HEAD, head, model.boosters)


def from_dir(folder: Path) -> TableModel:
    """Read what `to_dir` wrote; no code of the folder is run. `UnableToScore` says what is wrong with it."""
    return read(folder, HEAD, _model, written_by="train-table")


def _model(head: dict[str, Any], boosters: tuple[str, ...]) -> TableModel:
    features, anchor = tuple(Feature(**feature) for feature in head["features"]), head["anchor"]
    return TableModel(
        kind=head["kind"],
        features=features,
        levels=_tuples(head["levels"]),
        anchor=Smooth(
            features=features,
            curves={
                name: Curve(**{key: _tuple(value) for key, value in curve.items()}) for name, curve in anchor["curves"].items()
            },
            levels=_tuples(anchor["levels"]),
            shares=_tuples(anchor["shares"]),
            coefficients=_tuples(anchor["coefficients"]),
            intercept=anchor["intercept"],
        ),
        boosters=boosters,
        anchor_share=head["anchor_share"],
        calibration=Platt(**head["calibration"]),
        fingerprint=head["fingerprint"],
    )


def _tuples(lists: dict[str, list[Any]]) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(each) for name, each in lists.items()}


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
