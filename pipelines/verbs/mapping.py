"""The verb that gets somebody's own files in: map."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.door import entered
from pipelines.verbs.options import HOME, AsJson, Home, Params


def map_tables(
    tables: Annotated[str, typer.Argument(help="Folder with your own files, or an SQLAlchemy URL.")],
    out: Annotated[Path, typer.Option("--out", help="Mapping file to write.", metavar="FILE.yaml")],
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Propose how your own files fit the contract, as a file to edit.

    Example: tenure map demo/company --out demo/company.yaml
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines.mapping.handing_over import map_to_file

        mapped = map_to_file(tables, out, door.params, door.progress)
        door.tell(mapped.document, mapped.text, refused=mapped.refused)
