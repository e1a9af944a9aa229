"""`tenure train-table`: somebody's own file with one row a customer, read, learned from, written and logged."""
