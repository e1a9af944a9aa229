"""Numbers, money and dates as each language writes them, beyond those of `features.wording`."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

from features.languages import Language
from features.wording import PERCENT

SMALLEST_SHOWN = 0.005
UNKNOWN = "–"  # stands where there is no number


def percent(share: float, language: Language) -> str:
    """A probability in whole per cent; below half a per cent it reads `<1%`, and above 99.5 % `>99%`."""
    if share < SMALLEST_SHOWN:
        return f"<{format_percent(0.01, PERCENT[language], locale=language)}"
    if share > 1 - SMALLEST_SHOWN:
        return f">{format_percent(0.99, PERCENT[language], locale=language)}"
    return str(format_percent(share, PERCENT[language], locale=language))


def share(of_all: float, language: Language) -> str:
    """A share in whole per cent, from 0% to 100%."""
    return str(format_percent(of_all, PERCENT[language], locale=language))


def discount(of_price: float, language: Language) -> str:
    """A share of a price as it was agreed, at most two decimal places: 12.5% / 12,5 %."""
    return str(format_percent(of_price, PERCENT[language].replace("0", "0.##"), locale=language))


def money(amount: float, currency: str, language: Language) -> str:
    """An amount in whole currency units: $65,000 / 65.000 US$."""
    form = "#,##0\N{NO-BREAK SPACE}¤" if language == "es" else "¤#,##0"
    return str(format_currency(amount, currency, form, locale=language, currency_digits=False))


def number(value: float, language: Language) -> str:
    """A number with at most one decimal place; two below 1."""
    return str(format_decimal(value, "#,##0.##" if abs(value) < 1 else "#,##0.#", locale=language))


def short_date(day: date, language: Language) -> str:
    """12 Mar 2026 / 12 mar 2026."""
    return str(format_date(day, "d MMM y", locale=language))


def day_and_month(day: date, language: Language) -> str:
    """12 Mar / 12 mar."""
    return str(format_date(day, "d MMM", locale=language))


def deadline(at: datetime, language: Language) -> str:
    """12 Mar 2026, 00:00 UTC: a time that matters to the minute; `at` is UTC, with or without its zone."""
    return str(format_datetime(at, "d MMM y, HH:mm", locale=language)) + "\N{NO-BREAK SPACE}UTC"


def moment(at: datetime, language: Language) -> str:
    """12 Mar 2026, 14:30 UTC, and the day alone at midnight; `at` is UTC, with or without its zone."""
    if (at.hour, at.minute) == (0, 0):
        return short_date(at.date(), language)
    return deadline(at, language)


def measure(value: float, language: Language) -> str:
    """A metric to three places: 0.813 / 0,813."""
    return str(format_decimal(value, "0.000", locale=language))


def month(day: date, language: Language) -> str:
    """Mar 26 / mar 26."""
    return str(format_date(day, "MMM yy", locale=language))


def change(value: float, language: Language) -> str:
    """A number with its sign, at most two places: +0.5 / +0,5; 0 has none."""
    return str(format_decimal(value, "+0.##;-0.##", locale=language)) if value else "0"
