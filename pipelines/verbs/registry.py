"""Verbs that move the champion."""

from typing import Annotated

import typer

from pipelines.door import entered
from pipelines.verbs.options import HOME, AsJson, Home, Params

NOT_SAID = "not said"


def promote(
    version: Annotated[str, typer.Argument(help="Number of a registered version.")],
    by: Annotated[str, typer.Option("--by", help="Who decides.", metavar="NAME")],
    reason: Annotated[str, typer.Option("--reason", help="Why, for whoever reads the history.", metavar="TEXT")],
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Make a registered version the champion that scores, also against the gate.

    Example: tenure promote 1 --by "Ana Ruiz" --reason "best of May" --home demo/home
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import tracking

        move = tracking.promote(door.home, version, by, reason)
        if move is None:
            door.tell({"champion": version, "moved": False}, f"Version {version} is the champion already.")
        else:
            was = f"before it: version {move.came_from}" if move.came_from else "the first one"
            document = {"champion": version, "moved": True, "before": move.came_from, "by": by, "reason": reason}
            document["overrules"] = move.overrules or None
            told = f"Version {version} is the champion ({was})."
            if move.overrules:
                told += f" The gate had refused it: {move.overrules}. {by} overrules it: {reason}."
            door.tell(document, told)


def rollback(
    by: Annotated[str, typer.Option("--by", help="Who decides.", metavar="NAME")] = NOT_SAID,
    reason: Annotated[str, typer.Option("--reason", help="Why, for whoever reads the history.", metavar="TEXT")] = "",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Make the champion before this one champion again.

    Example: tenure rollback --home demo/home
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import tracking

        move = tracking.rollback(door.home, by, reason)
        document = {"champion": move.went_to, "moved": True, "before": move.came_from, "by": by, "reason": reason}
        door.tell(document, f"Version {move.went_to} is the champion again (version {move.came_from} no longer is).")
