"""The registered model `tenure`: its champion, and who moved it there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from features.errors import BadInput
from models.gate import GateResult
from models.model import Model
from pipelines.champions import Move, before, happened
from pipelines.home import Home
from pipelines.tracking.client import MODEL, MlflowClient, MlflowException, mlflow, registry

MOVES = "champion_move_"
GATE, REFUSED = "gate", "gate_refused"
MOST_CHARACTERS = 3_000  # of what a tag keeps of a verdict: MLflow takes 5,000, and the note of a move holds more than it


@dataclass(frozen=True)
class Champion:
    """The model that scores, and the number of its version."""

    model: Model
    version: str


def champion(home: Home) -> Champion | None:
    """The champion of the registry; None when nothing was ever promoted."""
    with registry(home) as client:
        version = _alias(client, "champion")
        return None if version is None else Champion(_load(version), version)


def serving(home: Home) -> Champion:
    """The champion. Raises `BadInput` when there is none yet."""
    found = champion(home)
    if found is None:
        raise BadInput(
            f"There is no champion in {home.path}: nothing can be scored. Train one with "
            "`tenure train TABLES --until DATE --register`, or promote a version with `tenure promote`."
        )
    return found


def champion_version(home: Home) -> str | None:
    """The number of the champion's version; None when there is none."""
    with registry(home) as client:
        return _alias(client, "champion")


def champion_file(home: Home, version: str, name: str) -> Path | None:
    """A file of the run that made a version, on this machine; None when its run has no such file."""
    with registry(home) as client:
        run_id = client.get_model_version(MODEL, version).run_id
        if not run_id or name not in {each.path for each in client.list_artifacts(run_id)}:
            return None
        return Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=name))


def load(home: Home, version: str) -> Model:
    """The model of one version. Raises `BadInput` for a version that does not exist."""
    with registry(home) as client:
        _existing(client, version)
        return _load(version)


def promote(home: Home, version: str, by: str, reason: str) -> Move | None:
    """Make `version` the champion and note who did it and why; None when it is the champion already.

    A version that the gate refused keeps in its tags and its description who overruled what, and why. `BadInput` for a version
    that does not exist, and for a name or a reason without a word in it.
    """
    _refuse_blank("--by", by, "who decides")
    _refuse_blank("--reason", reason, "why, for whoever reads the history")
    with registry(home) as client:
        _existing(client, version)
        current = _alias(client, "champion")
        if current == version:
            return None
        refused = client.get_model_version(MODEL, version).tags.get(REFUSED, "")
        move = Move("promote", current, version, by, reason, _now(), refused)
        if refused:
            _note_override(client, move)
        return _move(client, move)


def rollback(home: Home, by: str, reason: str) -> Move:
    """Make the champion before this one champion again. Raises `BadInput` when there was none, or for a blank name."""
    _refuse_blank("--by", by, "who decides")
    with registry(home) as client:
        current = _alias(client, "champion")
        earlier = before(happened(_noted(client), current), current)
        if current is None or earlier is None:
            raise BadInput(f"There is no earlier champion to go back to; the champion is {_named(current)}.")
        _existing(client, earlier)
        return _move(client, Move("rollback", current, earlier, by, reason, _now()))


def moves(home: Home) -> list[Move]:
    """Every move of the champion so far, the oldest first."""
    with registry(home) as client:
        return happened(_noted(client), _alias(client, "champion"))


def verdict_tags(gate: GateResult) -> dict[str, str]:
    """What a version keeps of its gate: `gate` is `passed` or `refused`, `gate_refused` says which checks and by how much."""
    if gate.passed:
        return {GATE: "passed"}
    said = "; ".join(f"{reason.check}: {reason.sentence}" for reason in gate.refusals)
    return {GATE: "refused", REFUSED: said[:MOST_CHARACTERS]}


def _note_override(client: MlflowClient, move: Move) -> None:
    tags = {"override_by": move.by, "override_reason": move.reason, "override_at": move.at}
    for name, value in tags.items():
        client.set_model_version_tag(MODEL, move.went_to, name, value[:MOST_CHARACTERS])
    words = f"Promoted against the gate by {move.by}: {move.reason}\n\nThe gate had refused it: {move.overrules}"
    client.update_model_version(MODEL, move.went_to, words[:MOST_CHARACTERS])


def _move(client: MlflowClient, move: Move) -> Move:
    """The note first and the alias last: a run that ends between the two has moved nothing."""
    number = len(_noted(client))
    client.set_registered_model_tag(MODEL, f"{MOVES}{number:06d}", move.to_json())
    client.set_registered_model_alias(MODEL, "champion", move.went_to)
    if _alias(client, "challenger") == move.went_to:
        client.delete_registered_model_alias(MODEL, "challenger")
    return move


def _noted(client: MlflowClient) -> list[Move]:
    tags = client.get_registered_model(MODEL).tags if _versions(client) else {}
    return [Move.from_json(tags[key]) for key in sorted(tags) if key.startswith(MOVES)]


def _alias(client: MlflowClient, name: str) -> str | None:
    try:
        return str(client.get_model_version_by_alias(MODEL, name).version)
    except MlflowException as error:
        if error.error_code in {"INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST"}:
            return None
        raise


def _refuse_blank(option: str, words: str, what: str) -> None:
    if not words.strip():
        raise BadInput(f"{option} is {words!r}: the history of the champion would not say it. Write {what}.")


def _existing(client: MlflowClient, version: str) -> None:
    known = _versions(client)
    if version not in known:
        there = f"There are {', '.join(known)}." if known else "There is none yet; `tenure train --register` makes one."
        raise BadInput(f"No version {version!r} of the model {MODEL}. {there}")


def _versions(client: MlflowClient) -> list[str]:
    found = client.search_model_versions(f"name='{MODEL}'")
    return sorted((str(each.version) for each in found), key=int)


def _load(version: str) -> Model:
    folder = Path(mlflow.artifacts.download_artifacts(f"models:/{MODEL}/{version}"))
    flavor = mlflow.models.Model.load(str(folder)).flavors["python_function"]
    return Model.from_dir(folder / flavor["data"])


def _named(version: str | None) -> str:
    return "none" if version is None else f"version {version}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
