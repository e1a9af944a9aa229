"""How templates are loaded, and how one becomes a document of its own."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from serving.web.words import Words

STATIC = Path(__file__).parent / "static"


def templates_in(folder: Path) -> Environment:
    """The templates of a folder; everything they print is escaped, and a name they do not know is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def document(folder: Path, name: str, words: Words, styles: tuple[str, ...], **shown: Any) -> str:
    """The template `name` with `shown` as HTML that needs no other file: the styles of the page stand in it as `style`."""
    style = "\n".join((STATIC / each).read_text(encoding="utf-8") for each in styles)
    return (
        templates_in(folder)
        .get_template(name)
        .render(
            t=words.say,
            lang=words.language,
            style=Markup(style),  # noqa: S704 - our own files
            **shown,
        )
    )
