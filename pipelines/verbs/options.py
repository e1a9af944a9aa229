"""The arguments and options that verbs share."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from features.languages import LANGUAGES, Language

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day(text: str) -> date:
    """The day written as YYYY-MM-DD; anything else is a usage error that says so."""
    if ISO_DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise typer.BadParameter(f"{text!r} is no day: {error}. Write YYYY-MM-DD.") from error
    raise typer.BadParameter(f"{text!r} is not a day written as YYYY-MM-DD, such as 2025-01-31.")


def language(text: str) -> Language:
    """A language of the product; another one is a usage error that names those there are."""
    known = next((each for each in LANGUAGES if each == text), None)
    if known is None:
        raise typer.BadParameter(f"{text!r} is no language of tenure's. Give one of {', '.join(LANGUAGES)}.")
    return known


Tables = Annotated[str, typer.Argument(help="Folder with one file a table, or an SQLAlchemy URL.")]
Source = Annotated[
    str, typer.Option("--source", help="How TABLES maps onto the contract: a name, or a FILE.yaml.", metavar="NAME")
]
Home = Annotated[Path, typer.Option("--home", envvar="TENURE_HOME", help="Folder of tracking, store and caches.", metavar="DIR")]
Params = Annotated[
    Path | None,
    typer.Option("--params", help="YAML over the defaults; ./params.yaml if there is one.", metavar="FILE"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")]
AsOf = Annotated[
    date,
    typer.Option("--as-of", parser=day, metavar="YYYY-MM-DD", help="Midnight UTC; sees what was known before it."),
]
AsOfs = Annotated[
    list[date] | None,
    typer.Option("--as-of", parser=day, metavar="YYYY-MM-DD", help="Midnight UTC; repeat for several."),
]
Until = Annotated[
    date,
    typer.Option("--until", parser=day, metavar="YYYY-MM-DD", help="Nothing known at or after this day is read."),
]
Lang = Annotated[Language, typer.Option("--lang", parser=language, metavar="en|es", help="Language of the page.")]
HOME = Path(".tenure")
