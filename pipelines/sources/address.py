"""What TABLES may be: a folder, or the address of a database."""

import re


def is_url(tables: str) -> bool:
    """Whether TABLES is a database URL rather than a folder."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.]*://", tables) is not None
