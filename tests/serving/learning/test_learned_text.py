"""What was learned, as a person reads it on the terminal and on the page."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from serving.learned_text import render, sections
from serving.learning.learned import CauseRecord, OverrideRecord, PersonRecord, WhoWasRight
from serving.web.app import create_app
from serving.web.words import Words
from tests.serving.conftest import clock

COUNTS = {"said": 9, "person": 4, "model": 2, "agreed": 1, "open": 2}


def right(**change):
    few = {"accounts": 7, "left": 2, "too_few": True, "person_brier": None, "model_brier": None, "low": None, "high": None}
    overrides = OverrideRecord(**COUNTS, **few | change)
    causes = (CauseRecord(**COUNTS, family="value", confirmed=5, denied=4),)
    return WhoWasRight(horizon_days=90, overrides=overrides, causes=causes, people=(PersonRecord(**COUNTS, by="ana"),))


def told(learned, guide, lang, **change):
    return render(learned.model_copy(update={"who_was_right": right(**change)}), guide, Words(lang))


def test_the_effects_are_told_with_their_interval_or_as_too_few(learned, guide):
    said = render(learned, guide, Words("en"))
    assert "Value and return not seen: −5.0 [−9.0; −1.0] (treated: 164, held out: 38)" in said
    assert "Real budget limit: too few accounts to say (treated: 9, held out: 1)" in said
    assert "steadied by the rule score" in said


def test_the_ledger_is_told_in_both_languages(learned, guide):
    said = told(learned, guide, "en")
    assert "Risks held to be another: 9; right: the person 4, the model 2; the same band: 1; not known yet: 2" in said
    assert "Who is closer: too few accounts to say (7 with a known outcome)" in said
    assert "Value received: confirmed 5, denied 4; right: the person 4, the model 2; agreed: 1; not known: 2" in said
    assert "ana: said 9; right 4, the model 2; agreed: 1; not known: 2" in said
    said = told(learned, guide, "es")
    assert "Quién se acerca más: demasiado pocas cuentas para saberlo (7 con desenlace conocido)" in said
    assert "Valor obtenido: confirmada 5, negada 4; con razón: la persona 4, el modelo 2; de acuerdo: 1; sin saber: 2" in said


@pytest.mark.parametrize(
    ("low", "high", "en", "es"),
    [
        (
            -0.2,
            -0.1,
            "The people are closer: Brier 0.100 against 0.200",
            "Las personas se acercan más: Brier 0,100 frente a 0,200",
        ),
        (0.1, 0.2, "The model is closer: Brier 0.200 against 0.100", "El modelo se acerca más: Brier 0,200 frente a 0,100"),
        (-0.1, 0.2, "Neither is clearly closer: Brier 0.100", "Ninguno se acerca claramente más: Brier 0,100"),
    ],
)
def test_who_is_closer_is_said_only_where_the_interval_leaves_zero_out(learned, guide, low, high, en, es):
    known = {"accounts": 40, "too_few": False, "person_brier": 0.1, "model_brier": 0.2, "low": low, "high": high}
    assert en in told(learned, guide, "en", **known)
    assert es in told(learned, guide, "es", **known)


def test_that_nobody_said_anything_is_said(learned, guide):
    assert "nobody has said anything of the model's view yet" in render(learned, guide, Words("en"))


@pytest.mark.parametrize("source", ["rule score", "probability within 180 days by model version 3"])
def test_spanish_has_no_english_in_it(learned, guide, source):
    said = told(learned.model_copy(update={"adjusted_by": source}), guide, "es")
    for english in ("rule", "score", "probability", "treated", "accounts", "unknown", "None"):
        assert english not in said


def test_the_page_tells_the_same_and_says_how_to_learn_before(store, guide, learned):
    client = TestClient(create_app(store, guide, clock))
    assert "tenure learn TABLES --until DATE" in client.get("/learning?lang=en").text
    known = learned.model_copy(update={"who_was_right": right()})
    client = TestClient(create_app(store, replace(guide, learned=lambda: known), clock))
    for lang in ("en", "es"):
        page = client.get(f"/learning?lang={lang}")
        assert page.status_code == 200
        assert [each.title for each in sections(known, guide, Words(lang)) if each.title not in page.text] == []
    assert client.get("/api/learning").json()["who_was_right"]["overrides"]["person"] == 4
