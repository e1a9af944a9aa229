"""The steps of the contract check, from raw rows to clean ones. `features/check.py` calls them in turn."""
