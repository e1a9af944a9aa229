"""A table's model on disk: `table.json` and one LightGBM text a seed. The same model always gives the same bytes."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models.calibration import Platt
from models.encoding import Feature
from models.errors import UnableToScore
from models.tabular.curves import Curve
from models.tabular.model import TableModel
from models.tabular.smooth import Smooth

FORMAT = 1
HEAD = "table.json"


def to_dir(model: TableModel, folder: Path) -> tuple[Path, ...]:
    """Write the model into the folder (made when absent) and return the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"boosting_{number}.txt" for number in range(len(model.boosters))]
    head = {
        "format": FORMAT,
        "kind": model.kind,
        "features": [asdict(feature) for feature in model.features],
        "levels": model.levels,
        "anchor": {name: value for name, value in asdict(model.anchor).items() if name != "features"},
        "boosters": names,
        "anchor_share": model.anchor_share,
        "calibration": asdict(model.calibration),
        "fingerprint": model.fingerprint,
    }
    (folder / HEAD).write_bytes((json.dumps(head, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode())
    for name, text in zip(names, model.boosters, strict=True):
        (folder / name).write_bytes(text.encode())
    return (folder / HEAD, *(folder / name for name in names))


def from_dir(folder: Path) -> TableModel:
    """Read what `to_dir` wrote; no code of the folder is run. `UnableToScore` says what is wrong with it."""
    try:
        head = json.loads((folder / HEAD).read_text(encoding="utf-8"))
        if head["format"] != FORMAT:
            raise UnableToScore(f"{HEAD} has format {head['format']}, this version reads format {FORMAT}; train again")
        return _model(head, tuple((folder / Path(name).name).read_bytes().decode() for name in head["boosters"]))
    except FileNotFoundError as error:
        missing = Path(error.filename).name
        raise UnableToScore(f"the model folder {folder.name!r} has no {missing}; give a folder written by train-table") from error
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise UnableToScore(f"{HEAD} in {folder.name!r} is not a model file ({error}); train again") from error


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
