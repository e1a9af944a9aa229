"""The synthetic company with known truth: `generate.generate` and `generate.write`."""
