"""How a number is put in words: a rise or a fall, before or after a day, how long ago. Words that several signals share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Forms:
    """The words around a number in one language, chosen by what is shown of it; `{n}` stands for it without its sign.

    `more` above 0, `less` below 0, `zero` when nothing but zeros is shown; `one` and `less_one` when exactly 1 and -1 is.
    A form left out is said as `more` (a number below 0 with its sign).
    """

    more: str
    less: str | None = None
    zero: str | None = None
    one: str | None = None
    less_one: str | None = None

    def say(self, n: str, *, below: bool) -> str:
        """The number that is shown as `n`, without a sign, and lies below 0 or not."""
        if self.zero is not None and not any(digit in n for digit in "123456789"):
            return self.zero
        plain, single = (self.less, self.less_one) if below else (self.more, self.one)
        if n == "1" and single is not None:
            return single
        return self.more.format(n=f"-{n}") if plain is None else plain.format(n=n)


@dataclass(frozen=True)
class Amount:
    """The forms in both languages."""

    en: Forms
    es: Forms


ROSE = Forms("rose by {n}", "fell by {n}", "did not change")
IT_ROSE = Amount(ROSE, Forms("subió un {n}", "cayó un {n}", "no cambió"))
THEY_ROSE = Amount(ROSE, Forms("subieron un {n}", "cayeron un {n}", "no cambiaron"))
AFTER = Amount(
    Forms("{n} days after", "{n} days before", "on the day", "one day after", "one day before"),
    Forms("{n} días después", "{n} días antes", "el mismo día", "un día después", "un día antes"),
)
AGO = Amount(Forms("{n} days ago", None, "today", "yesterday"), Forms("hace {n} días", None, "hoy", "ayer"))
