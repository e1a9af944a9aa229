"""What was measured of a play, in words for the page."""

from collections.abc import Callable

from babel.numbers import format_decimal

from features.languages import LANGUAGES, Language
from serving.learning.learned import Learned, PlayEffect
from serving.wording import Text

LearnedPort = Callable[[], Learned | None]
NOT_MEASURED_HERE = Text(en="not measured here yet", es="aún no medido aquí")


def nothing_learned() -> None:
    """The port of a company that has learned nothing yet."""


def effect_text(learned: Learned | None, play: str) -> Text:
    """The measured effect with its interval and numbers of accounts, that there are too few, or that it is not measured yet."""
    effect = None if learned is None else learned.effect_of(play)
    if learned is None or effect is None:
        return NOT_MEASURED_HERE
    if effect.effect is None:
        return _too_few(effect)
    change, low, high = (
        {lang: points(each, lang) for lang in LANGUAGES} for each in (effect.effect.mean, effect.effect.low, effect.effect.high)
    )
    return Text(
        en=f"{change['en']} points in the share that leaves within {learned.window_days} days "
        f"(90 % interval: {low['en']} to {high['en']}); {effect.treated} accounts treated, {effect.holdout} held out",
        es=f"{change['es']} puntos en el porcentaje de cuentas que se van en {learned.window_days} días "
        f"(intervalo del 90 %: de {low['es']} a {high['es']}); {effect.treated} cuentas tratadas, {effect.holdout} en reserva",
    )


def _too_few(effect: PlayEffect) -> Text:
    return Text(
        en=f"too few accounts to say (treated: {effect.treated}, held out: {effect.holdout})",
        es=f"demasiado pocas cuentas para saberlo (tratadas: {effect.treated}, en reserva: {effect.holdout})",
    )


def points(share: float, language: Language) -> str:
    """Percentage points with their sign, as the language writes them."""
    said = format_decimal(abs(share) * 100, format="#,##0.0", locale=language)
    return said if said.strip("0.,") == "" else f"{'−' if share < 0 else '+'}{said}"
