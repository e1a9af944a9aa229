"""Errors that a person can act on."""


class BadInput(ValueError):
    """Input or configuration that cannot be used: the message says what, which value, and what to do next. Exit code 2."""
