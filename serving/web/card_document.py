"""The model card as one file in one language: it needs no other file, and may be sent."""

from pathlib import Path

from features.languages import Language
from serving.card import CardFacts
from serving.web.card_page import card_page
from serving.web.templating import document
from serving.web.words import Words

TEMPLATES = Path(__file__).parent / "templates"
STYLES = ("base.css", "figures.css", "card.css")


def card_document(facts: CardFacts, language: Language, currency: str) -> str:
    """The whole HTML document."""
    words = Words(language)
    return document(TEMPLATES, "card_document.html", words, STYLES, page=card_page(facts, words, currency))
