"""What was measured of a play, as a CSM reads it."""

from serving.learning.telling import effect_text
from serving.play import load_plays


def test_a_measured_effect_comes_with_interval_and_numbers_in_both_languages(learned):
    said = load_plays()["value_roi"].measured_effect_text(learned)
    assert said.en == (
        "−5.0 points in the share that leaves within 180 days (90 % interval: −9.0 to −1.0); 164 accounts treated, 38 held out"
    )
    assert said.es == (
        "−5,0 puntos en el porcentaje de cuentas que se van en 180 días (intervalo del 90 %: de −9,0 a −1,0); "
        "164 cuentas tratadas, 38 en reserva"
    )


def test_too_few_accounts_is_an_answer(learned):
    said = effect_text(learned, "budget")
    assert said.en == "too few accounts to say (treated: 9, held out: 1)"
    assert said.es == "demasiado pocas cuentas para saberlo (tratadas: 9, en reserva: 1)"


def test_what_was_never_tried_is_not_measured_yet(learned):
    for known in (learned, None):
        said = effect_text(known, "champion_exit")
        assert (said.en, said.es) == ("not measured here yet", "aún no medido aquí")


def test_a_harmful_play_shows_its_sign_and_nothing_has_none(learned):
    effect = learned.effects[0].model_copy(
        update={"effect": learned.effects[0].effect.model_copy(update={"mean": 0.0, "high": 0.021})}
    )
    said = effect_text(learned.model_copy(update={"effects": (effect,)}), "value_roi")
    assert said.en.startswith("0.0 points")
    assert "−9.0 to +2.1" in said.en
