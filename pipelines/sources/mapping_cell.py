"""How one column of the contract is made from somebody's own columns, as a mapping file says it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

OPEN = "?"  # stands where a person has to decide
EPOCHS = ("epoch_seconds", "epoch_milliseconds")
ISO = "iso"


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _plain(value: object) -> object:
    """A value as CSV would have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else value


Text = Annotated[str, BeforeValidator(_plain)]


class Cell(BaseModel):
    """One column. Exactly one of `column`, `expression` (SQL over the columns of the row) and `value` says where it comes from.

    `of` and `by`: the column is that of another file, in the row whose `by` is the same (`{here: there}` where the names
    differ); `pick`: of several such rows the earliest or the latest time. `missing`: texts that mean nothing is known, besides
    those of the whole file. `time`: how a time is written, one or several of `iso`, `epoch_seconds`, `epoch_milliseconds` and
    strptime formats, tried in turn; `zone`: the zone of times that name none (UTC otherwise). `decimal`: the decimal sign of
    numbers that are written with thousands or a currency. `values`: what each word is in the contract (None: nothing is
    known). `times`: a number is multiplied by it. `plus_days`: a time is so much later.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str | None = None
    of: str | None = None
    by: dict[str, str] | None = None
    pick: Literal["first", "last"] | None = None
    expression: str | None = None
    value: Text | None = None
    missing: tuple[Text, ...] = ()
    time: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    zone: str | None = None
    decimal: Literal[",", ".", "?"] | None = None
    values: dict[str, Text | None] | None = None
    times: float | None = Field(default=None, allow_inf_nan=False)
    plus_days: float | None = Field(default=None, ge=0, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        """A bare word is the name of a column."""
        if isinstance(given, str):
            return {"column": given}
        if given is None or isinstance(given, bool | int | float | list):
            raise ValueError("write the name of a column in quotes, or keys such as {column: …}, {value: …}, {expression: …}")
        return given

    @field_validator("by", mode="before")
    @classmethod
    def _same_name(cls, given: Any) -> Any:
        return {given: given} if isinstance(given, str) else given

    @field_validator("values", mode="before")
    @classmethod
    def _words(cls, given: Any) -> Any:
        if isinstance(given, dict) and any(isinstance(word, bool) for word in given):
            raise ValueError("YAML reads a bare yes, no, on, off, true or false as true or false: put these words in quotes")
        return {_plain(word): to for word, to in given.items()} if isinstance(given, dict) else given

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, given: str | None) -> str | None:
        if given is not None and given not in available_timezones():
            raise ValueError("no such time zone; write it as Europe/Madrid")
        return given

    @model_validator(mode="after")
    def _one_origin(self) -> "Cell":
        origins = [name for name in ("column", "expression", "value") if getattr(self, name) is not None]
        if len(origins) != 1:
            raise ValueError(f"give one of column, expression and value; it has {' and '.join(origins) or 'none'}")
        if (self.of is None) != (self.by is None) or (self.of is not None and self.column is None):
            raise ValueError("a column of another file needs column, of (the file) and by (what both files have)")
        if not self.by and self.by is not None:
            raise ValueError("by is empty; write the column that both files have")
        if self.pick and self.of is None:
            raise ValueError("pick chooses among the rows of another file; it needs of and by")
        return self

    @property
    def open(self) -> tuple[str, ...]:
        """Which of its places still say `?`."""
        found = [OPEN] if OPEN in (self.column, self.value) else []
        found += ["time"] if OPEN in self.time else []
        found += ["decimal"] if self.decimal == OPEN else []
        found += [f"values: {word}" for word, to in (self.values or {}).items() if to == OPEN]
        return tuple(found)
