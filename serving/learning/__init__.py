"""What makes the effect of plays measurable, and what was measured."""
