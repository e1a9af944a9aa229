"""All signals of the product."""

from functools import cache

from features import signals
from features.signal import Signal, discover


@cache
def catalogue() -> tuple[Signal, ...]:
    """Every signal declared in `features/signals/`, by family and name."""
    return discover(signals)
