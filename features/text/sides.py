"""Which texts no model needs to see."""

from features.text.analyzer import Text


def silent(text: Text) -> bool:
    """Whether a text says nothing of the customer: our words to them, or no words at all."""
    return text.author_side == "agent" or not isinstance(text.text, str) or not text.text.strip()
