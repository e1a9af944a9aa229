"""A table's model card as one file in one language, made with the template of the company's card."""

from features.languages import LANGUAGES, Language
from serving.table_card.facts import TableFacts
from serving.table_card.page import table_page
from serving.table_card.words import TableWords
from serving.web.card_document import STYLES, TEMPLATES
from serving.web.templating import document

FILES: dict[Language, str] = {language: f"card.{language}.html" for language in LANGUAGES}


def table_document(facts: TableFacts, language: Language) -> str:
    """The whole HTML document; it needs no other file, and may be sent."""
    words = TableWords(language)
    return document(TEMPLATES, "card_document.html", words, STYLES, page=table_page(facts, words))
