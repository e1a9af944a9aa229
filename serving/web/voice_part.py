"""What people said of the account, and the forms with which they say it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from pydantic import ValidationError

from features.signal import FAMILIES
from serving.feedback import Feedback, Said, UnfitFeedbackError, checked
from serving.store.records import BANDS, Account
from serving.web import numerals
from serving.web.driver_part import family_title
from serving.web.words import Words


@dataclass(frozen=True)
class VoiceLine:
    """One thing somebody said: the sentence, what the model held then (empty for a cause), the reason."""

    said: str
    beside: str
    reason: str


@dataclass(frozen=True)
class VoicePart:
    """Everything said, newest first; `families` and `bands` are value and name of the forms' choices.

    `holding` is the newest override that still holds on the page's day, None without one.
    """

    lines: tuple[VoiceLine, ...]
    holding: VoiceLine | None
    families: tuple[tuple[str, str], ...]
    bands: tuple[tuple[str, str], ...]


def voice_part(account: Account, words: Words) -> VoicePart:
    """What was said of `account`, the families that drive it first among the choices."""
    ordered = [*account.named, *(name for name in FAMILIES if name not in account.named)]
    standing = next((each for each in account.feedback if each.kind == "override"), None)
    holds = standing is not None and standing.holds_on(account.as_of)
    return VoicePart(
        lines=tuple(_line(each, account.as_of, words) for each in account.feedback),
        holding=_line(standing, account.as_of, words) if standing is not None and holds else None,
        families=tuple((name, family_title(name, words)) for name in ordered),
        bands=tuple((band, words.say(f"bands.{band}")) for band in BANDS),
    )


def from_form(body: bytes, today: date, most_days: int) -> Said:
    """What a form says; `UnfitFeedbackError` names the first field that cannot be kept. An empty field is none."""
    sent = parse_qs(body.decode("utf-8", "replace"))
    fields: dict[str, Any] = {name: values[-1] for name, values in sent.items() if name in Said.model_fields}
    try:
        said = Said(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = str(first["loc"][-1]) if first["loc"] else "kind"
        raise UnfitFeedbackError(where, f"{where}: {first['msg']}") from error
    return checked(said, today, most_days)


def _line(each: Feedback, day: date, words: Words) -> VoiceLine:
    at = numerals.short_date(each.said_at.date(), words.language)
    if each.kind != "override":
        family = family_title(each.family or "", words)
        return VoiceLine(words.say(f"voice_said.{each.kind}", by=each.by, family=family, date=at), "", each.reason)
    band = words.say(f"bands.{each.risk_band}").lower()
    until = words.say("page.unknown") if each.expires_on is None else numerals.short_date(each.expires_on, words.language)
    key = "voice.override" if each.holds_on(day) else "voice.over"
    likely = None if each.model_probability is None else numerals.percent(each.model_probability, words.language)
    beside = words.say("voice.model_then", likely=likely, band=words.say(f"bands.{each.model_band}").lower()) if likely else ""
    return VoiceLine(words.say(key, by=each.by, band=band, until=until, date=at), beside, each.reason)
