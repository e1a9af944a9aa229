"""The synthetic company with known truth: `generate` and `write`."""

from features.world.generate import World, generate, write
from features.world.params import WorldParams

__all__ = ["World", "WorldParams", "generate", "write"]
