"""The plays in force, as `tenure plays` lists them."""

from pathlib import Path
from typing import Any

from serving.own_plays import PlaysInForce


def plays_document(found: PlaysInForce, folder: Path | None) -> dict[str, Any]:
    """Each play with where it comes from; `mistakes` is there, empty, so that a machine reads one shape."""
    rows = [
        {"id": name, "from": found.origins[name], "kind": play.kind, "name_en": play.name.en, "name_es": play.name.es}
        for name, play in found.plays.items()
    ]
    return {"folder": folder, "mistakes": [], "plays": rows}


def plays_text(found: PlaysInForce, folder: Path | None) -> str:
    """A line a play: its id, where it comes from, its name in both languages."""
    own = sum(origin != "shipped" for origin in found.origins.values())
    head = f"{len(found.plays)} plays in force, {own} of them from {folder}:" if folder else f"{len(found.plays)} plays in force:"
    wide = max(len(name) for name in found.plays)
    lines = [f"  {name:<{wide}}  {found.origins[name]:<8}  {play.name.en} / {play.name.es}" for name, play in found.plays.items()]
    return "\n".join([head, *lines])
