"""What makes the effect of plays measurable, and what was measured: kept in FILE of the home."""

FILE = "learned.json"
