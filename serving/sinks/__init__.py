"""One module a target; each passes the contract suite of `tests/serving/test_sinks.py`."""
