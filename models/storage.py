"""A model on disk: `model.json`, one LightGBM text a seed, and the same of its second outcome in the folder `contraction`.

The same model always gives the same bytes.
"""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from features.signal import FAMILIES
from models.anchor import Anchor
from models.calendar_hazard import CalendarHazard
from models.calibration import Platt
from models.contraction import Contraction
from models.distance import whole_reach
from models.encoding import Feature
from models.folder import read, write
from models.indices import Indices, Scale
from models.model import Model
from models.periods import Periods
from models.reasons import ReasonHead
from models.second_outcomes import Measured

HEAD = "model.json"
CONTRACTION = "contraction"


def to_dir(model: Model, folder: Path) -> tuple[Path, ...]:
    """Write the model into the folder (made when absent) and return the files written."""
    head = {
        "kind": model.kind,
        "features": [asdict(feature) for feature in model.features],
        "levels": {name: list(levels) for name, levels in model.levels.items()},
        "periods": list(model.periods.ends),
        "grace_days": model.grace_days,
        "anchor": asdict(model.anchor),
        "level": asdict(model.level),
        "anchor_share": model.anchor_share,
        "reach": list(model.reach),
        "calibration": asdict(model.calibration),
        "push_scale": model.push_scale,
        "fingerprint": model.fingerprint,
        "telling": list(model.telling),
        "reasons": None if model.reasons is None else asdict(model.reasons),
        "contraction": _without_model(model.contraction),
    }
    second = () if model.contraction is None else to_dir(model.contraction.model, folder / CONTRACTION)
    return (*write(folder, HEAD, head, model.boosters), *second)


def from_dir(folder: Path) -> Model:
    """Read a model; `UnableToScore` says what is wrong with the folder."""

    def made(head: dict[str, Any], boosters: tuple[str, ...]) -> Model:
        return replace(_model(head, boosters), contraction=_contraction(head.get("contraction"), folder))

    return read(folder, HEAD, made, written_by="training")


def _without_model(second: Contraction | None) -> dict[str, Any] | None:
    if second is None:
        return None
    found = second.measured
    head = {"told_by": second.told_by, "accounts": second.accounts, "lost_share": second.lost_share}
    return head | {"measured": None if found is None else found.written()}


def _contraction(head: dict[str, Any] | None, folder: Path) -> Contraction | None:
    if head is None:
        return None
    found = None if head["measured"] is None else Measured.read(head["measured"])
    return Contraction(from_dir(folder / CONTRACTION), head["told_by"], head["accounts"], head["lost_share"], found)


def _model(head: dict[str, Any], boosters: tuple[str, ...]) -> Model:
    return Model(
        kind=head["kind"],
        features=tuple(Feature(**feature) for feature in head["features"]),
        levels={name: tuple(levels) for name, levels in head["levels"].items()},
        periods=Periods(tuple(head["periods"])),
        grace_days=head["grace_days"],
        anchor=_anchor(head["anchor"]),
        level=_level(head["level"]),
        boosters=boosters,
        anchor_share=head["anchor_share"],
        reach=tuple(head["reach"]) if "reach" in head else whole_reach(Periods(tuple(head["periods"]))),
        calibration=Platt(**head["calibration"]),
        push_scale=head["push_scale"],
        fingerprint=head["fingerprint"],
        telling=tuple(head.get("telling", (1.0,) * len(FAMILIES))),
        reasons=_reasons(head.get("reasons")),
    )


def _reasons(head: dict[str, Any] | None) -> ReasonHead | None:
    if head is None:
        return None
    tables = {name: tuple(head[name]) for name in ("reasons", "intercepts", "shares")}
    return ReasonHead(**tables, weights=tuple(tuple(row) for row in head["weights"]), leavers=head["leavers"])


def _level(head: dict[str, Any]) -> CalendarHazard:
    return CalendarHazard(head["intercept"], tuple(head["coefficients"]))


def _anchor(head: dict[str, Any]) -> Anchor:
    indices = head["indices"]
    return Anchor(
        indices=Indices(
            scales={name: Scale(**scale) for name, scale in indices["scales"].items()},
            members={family: tuple((name, sign) for name, sign in pairs) for family, pairs in indices["members"].items()},
            means=tuple(indices["means"]),
            spreads=tuple(indices["spreads"]),
            clip=indices["clip"],
        ),
        level=_level(head["level"]),
        evidence=tuple(head["evidence"]),
        reach=tuple(head["reach"]),
    )
