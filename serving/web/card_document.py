"""The model card as one file in one language: it needs no other file, and may be sent."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from features.languages import Language
from serving.card import CardFacts
from serving.web.card_page import card_page
from serving.web.words import Words

FOLDER = Path(__file__).parent
STYLES = ("base.css", "figures.css", "card.css")


def card_document(facts: CardFacts, language: Language, currency: str) -> str:
    """The whole HTML document."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = Words(language)
    style = "\n".join((FOLDER / "static" / name).read_text(encoding="utf-8") for name in STYLES)
    shown = {"t": words.say, "lang": language, "page": card_page(facts, words, currency), "style": Markup(style)}  # noqa: S704 - our own files
    return environment.get_template("card_document.html").render(**shown)
