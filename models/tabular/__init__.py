"""The same recipe for a table that has one row a customer: no calendar, no periods, no declared directions."""
