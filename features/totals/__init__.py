"""Account-day totals, made once beside the clean tables, and aggregates over them."""
