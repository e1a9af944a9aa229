"""Verbs to begin with: world and demo."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.door import entered
from pipelines.verbs.options import HOME, AsJson, Home, Params


def world(
    accounts: Annotated[int, typer.Option("--accounts", help="Accounts of the company.", min=1)],
    months: Annotated[int, typer.Option("--months", help="Months of history.", min=1)],
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same company.", min=0)],
    out: Annotated[Path, typer.Option("--out", help="Folder to write.", metavar="DIR")],
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Make up a company: tables in two languages, and their truth.

    Example: tenure world --accounts 1000 --months 24 --seed 7 --out demo/other
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps

        rows = steps.world(accounts, months, seed, out, door.params)
        text = "\n".join([*(f"{count:>10,}  {name}" for name, count in rows.items()), f"in {out}"])
        door.tell({"rows": rows, "out": out}, text)


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder to write.", metavar="DIR")] = Path("demo"),
    home: Annotated[Path | None, typer.Option("--home", envvar="TENURE_HOME", help="DIR/home by default.", metavar="DIR")] = None,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Go the whole way on a made-up company, from tables to a page.

    Example: tenure demo
    """
    with entered(home or out / "home", params, as_json=as_json) as door:
        from pipelines import demonstration

        result = demonstration.run(out, door.home, door.params, door.progress)
        door.tell(result.document, result.text)
