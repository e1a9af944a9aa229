"""What people wrote, once a row: the analysed texts of all tables as one derived table, with the knowledge dates of the words."""

from features.contracts import Column, Table
from features.text.analyzer import MARKS, SIGNALS

TEXTS = Table(
    "texts",
    "one text of a ticket, survey, meeting, message or notice, analysed",
    (
        Column("account_id", "string", "the account", required=True),
        Column("source", "string", "the table the text stands in", required=True),
        Column("at", "time", "when it was written", required=True),
        Column("side", "string", "who speaks", allowed=("customer", "us")),
        Column("lang", "string", "language found"),
        Column("sentiment", "number", "tone of the customer's words", minimum=-1, maximum=1),
        *(Column(name, "number", f"strength of {name}; a hit from 0.5", minimum=0, maximum=1) for name in (*SIGNALS, *MARKS)),
    ),
    key=(),
    time="at",
)
