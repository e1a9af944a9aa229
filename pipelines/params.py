"""The one reader of `params.yaml`: every default of the product, as typed sections."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from features.errors import BadInput
from features.one_of_each import read_yaml
from features.params import DataParams, LabelParams, PeerParams, SnapshotParams, TextParams
from features.world.params import WorldParams
from models.bootstrap import Worth
from models.params import (
    DecisionParams,
    EvaluationParams,
    ExplanationParams,
    GateParams,
    HealthParams,
    RowsParams,
    TableParams,
    TrainingParams,
)
from pipelines.params_names import unknown_measures
from pipelines.params_problems import told
from serving.params import AfterParams, ConcessionParams, LearningParams, PlaysParams, ServingParams, TriageParams

CHECKOUT = Path(__file__).resolve().parents[1] / "params.yaml"


class FlowsParams(BaseModel):
    """How the flows meet failure, how wide they run, and which missed days are made good."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retries: int = Field(ge=0)
    retry_delay_seconds: float = Field(ge=0)
    partitions: int = Field(ge=1)
    workers: int = Field(ge=1)
    server_start_seconds: int = Field(ge=1)
    score_every_days: int = Field(ge=1)
    catch_up_days: int = Field(ge=0)


class BacktestParams(BaseModel):
    """How the replay keeps its model: a new challenger every so many months."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retrain_every_months: int = Field(ge=1)


class MappingParams(BaseModel):
    """How `tenure map` proposes. From `sure` (0 to 1) on a match is written down, from `possible` on it is offered.

    `delay_days`: how long after it happened a row counts as known where no column says when it was learned. Of a file at most
    about `rows_looked_at` rows are looked at, of a column at most `cells_looked_at` different cells.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sure: float = Field(gt=0, le=1)
    possible: float = Field(gt=0, le=1)
    delay_days: float = Field(ge=0, allow_inf_nan=False)
    rows_looked_at: int = Field(ge=1)
    cells_looked_at: int = Field(ge=1)


class DvcParams(BaseModel):
    """What the reproducible training of `dvc.yaml` reads; nothing known at or after the day `until` is used."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)

    tables: str
    source: str
    start: date = Field(alias="from")
    until: date


class Params(BaseModel):
    """Every setting, a section an attribute."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: DataParams
    label: LabelParams
    snapshots: SnapshotParams
    peers: PeerParams
    text: TextParams
    rows: RowsParams
    training: TrainingParams
    evaluation: EvaluationParams
    gate: GateParams
    table: TableParams
    explanation: ExplanationParams
    decision: DecisionParams
    health: HealthParams
    backtest: BacktestParams
    triage: TriageParams
    concessions: ConcessionParams
    plays: PlaysParams
    after: AfterParams
    learning: LearningParams
    serving: ServingParams
    world: WorldParams
    flows: FlowsParams
    mapping: MappingParams
    dvc: DvcParams

    @model_validator(mode="after")
    def _names_that_exist(self) -> "Params":
        unknown = unknown_measures(self.triage, self.health, self.explanation)
        if unknown:
            raise ValueError("; ".join(unknown))
        return self

    @property
    def worth(self) -> Worth:
        """What working on an account brings, by the middle of the tables of section `triage`."""
        triage = self.triage
        return Worth(triage.save_probability["medium"], triage.effort_hours["standard"] * triage.hour_cost)

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that change when any setting does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def load(path: Path | None) -> Params:
    """The checkout's settings with those of the file at `path` over them: mappings merge, lists and values replace.

    A folder of plays is seen from the folder of the file that names it. None stands for no file. Raises `BadInput` with all
    problems at once: key, value, what is allowed.
    """
    settings = _read(CHECKOUT)
    if path is not None:
        settings = _merge(settings, _seen_from(path.absolute().parent, _read(path)))
    try:
        return Params.model_validate(settings)
    except ValidationError as error:
        raise BadInput(told(error, path or CHECKOUT, Params)) from error


def found(given: Path | None) -> Path | None:
    """The file that `--params` names, else `./params.yaml` if there is one."""
    here = Path("params.yaml")
    return given or (here if here.is_file() else None)


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _seen_from(folder: Path, over: dict[str, Any]) -> dict[str, Any]:
    """The settings with a relative `plays.folder` made absolute; one that is no path is left for the check to name."""
    plays = over.get("plays")
    if not isinstance(plays, dict) or not isinstance(plays.get("folder"), str):
        return over
    return {**over, "plays": {**plays, "folder": str(folder / Path(plays["folder"]).expanduser())}}


def _read(path: Path) -> dict[str, Any]:
    try:
        content = read_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        said = f"--params {path} cannot be read: {error.strerror}. Give a YAML file, or leave --params out."
        raise BadInput(said) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"--params {path} is not YAML: {error}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        said = f"--params {path} holds a {type(content).__name__}, not sections. Write `section:` and its keys below it."
        raise BadInput(said)
    return content
