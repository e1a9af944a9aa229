"""Laws of reading: whose words count, spelling, spans, order, and texts of any shape."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from features.params import TextParams
from features.text.analyzer import HIT_FROM, Text, scores
from features.text.own_words import own_words
from features.text.rules import RuleAnalyzer
from features.text.spelling import Spelling
from features.text.words import Reader

PARAMS = TextParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["text"])
ANALYZER = RuleAnalyzer(PARAMS)
AT = datetime(2025, 1, 1, tzinfo=UTC)
SEEDS = [
    "We want to cancel our contract",
    "Queremos cancelar la suscripción",
    "nadie responde 😡",
    "> we cancel",
    "El lun, 3 mar 2025, Ana escribió:",
    "Agent: hi",
    "\n",
    "Best regards,",
    "ﬁnance — İstanbul ß e\u0301",
    "don't can’t",
]
texts = st.lists(st.one_of(st.sampled_from(SEEDS), st.text(max_size=30)), max_size=6).map(" ".join) | st.text(max_size=200)


def read(text, side="customer", lang=None):
    return ANALYZER.analyze([Text("1", "a", text, AT, "tickets", author_side=side, lang=lang)])[0]


def found(text, side="customer"):
    return {signal for signal, score in scores(read(text, side)).items() if score >= HIT_FROM}


@settings(max_examples=150, deadline=None)
@given(texts)
@example("Queremos\ncancelar\nla suscripción\n--\nAna")
def test_every_span_lies_inside_the_text_and_holds_something(text):
    result = read(text)
    for hit in result.hits:
        start, end = hit.span
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
    assert -1 <= result.sentiment <= 1
    assert 0 <= result.sentiment_conf <= 1
    assert result.lang in ("en", "es", "und")


@settings(max_examples=60, deadline=None)
@given(texts)
def test_own_words_are_ordered_intervals_inside_the_text(text):
    last = 0
    for start, end in own_words(text, agent_turns=False):
        assert last <= start < end <= len(text)
        last = end


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, max_size=5))
def test_results_come_in_the_order_of_the_texts_and_do_not_depend_on_the_company(batch):
    asked = [Text(str(number), "a", text, AT, "tickets") for number, text in enumerate(batch)]
    together = ANALYZER.analyze(asked)
    assert [result.text_id for result in together] == [text.id for text in asked]
    assert together == [ANALYZER.analyze([text])[0] for text in asked]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "😀😀😀", "....", "?", None, 3.5, "nan"])
def test_a_text_that_says_nothing_gives_nothing(text):
    result = read(text)
    assert result.hits == ()
    assert abs(result.sentiment) < 1


def test_a_text_far_too_long_is_read_up_to_the_limit():
    text = "We like it. " * 10_000 + "We want to cancel our contract."
    assert found(text) == set()
    assert found(text[-2000:]) == {"cancellation"}


@pytest.mark.parametrize(
    "text",
    ["Queremos cancelar la suscripción.", "Nos ha comprado un grupo alemán.", "La aplicación va lentísima por las mañanas."],
)
def test_accents_and_case_make_no_difference(text):
    plain = text.translate(str.maketrans("áéíóúñ", "aeioun"))
    assert found(text) == found(plain) == found(text.upper()) == found(plain.lower()) != set()


def test_decomposed_accents_keep_the_span_in_the_original():
    text = "Ojala\u0301 no, pero la exportacio\u0301n vuelve a fallar hoy."
    spans = [hit.span for hit in read(text).hits if hit.signal == "product_issue"]
    assert any("exportacio\u0301n" in text[start:end] for start, end in spans)


def test_a_typo_of_a_key_word_is_read_as_the_word():
    assert found("we want to cancle our subscripton") == {"cancellation"}
    assert found("es demasido caro") == {"budget"}


def test_a_real_word_is_not_mended_into_a_key_word():
    assert Reader(Spelling()).read("an expert resort", [(0, 16)]).words == ["an", "expert", "resort"]


def test_quoted_replies_do_not_count():
    assert (
        found("Thanks, all good.\n\nOn Mon, 3 Mar 2025 at 10:00, Ana <ana@x.com> wrote:\n> We want to cancel our contract.")
        == set()
    )
    assert found("Gracias.\n\nEl lun, 3 mar 2025 a las 10:00, Ana escribió:\nQueremos cancelar el contrato.") == set()
    assert found("Gracias.\n> Queremos cancelar el contrato.\nUn saludo") == set()
    assert found("Ok.\n-----Original Message-----\nFrom: Ana\nWe want to cancel our contract") == set()
    assert found("Ok.\nDe: Ana\nEnviado: lunes\nPara: Luis\nQueremos cancelar el contrato") == set()


def test_words_above_a_quotation_count():
    assert found("We want to cancel our contract.\n\nOn Mon, 3 Mar 2025, Ana wrote:\n> How are you?") == {"cancellation"}


def test_a_signature_does_not_count_and_a_postscript_does():
    assert found("See you on Monday.\n\nBest regards,\nAna Ruiz\nNew Head of Vendor Evaluation") == set()
    assert found("See you.\nSaludos,\nAna\nP.D.: queremos cancelar el contrato") == {"cancellation"}


def test_our_agents_turns_do_not_count_in_a_customers_text():
    chat = "Agent: do you want to cancel your contract?\nCustomer: No, just the invoice, please."
    assert found(chat) == set()
    chat = "Agente: ¿En qué puedo ayudar?\nCliente: Queremos cancelar el contrato."
    assert found(chat) == {"cancellation"}


def test_our_notes_give_hits_without_sentiment_and_our_mails_give_neither():
    note = read("Customer told us they will not renew.", side="us")
    assert scores(note)["cancellation"] >= HIT_FROM
    assert note.sentiment != note.sentiment
    mail = read("You will not renew? We are sorry.", side="agent")
    assert mail.hits == ()
    assert mail.sentiment != mail.sentiment


def test_a_wrapped_line_does_not_cut_a_phrase():
    assert found("After a long discussion we have decided not to\nrenew our contract.") == {"cancellation"}


def test_language_is_told_from_common_words_and_falls_back_for_fragments():
    assert read("Could you send me the invoice?").lang == "en"
    assert read("¿Me podéis enviar la factura?").lang == "es"
    assert read("Excel", lang="es").lang == "es"
    assert read("Excel").lang == "und"


def test_the_same_text_gives_the_same_result():
    text = "Es la cuarta vez que lo comunico y nadie lo soluciona, vamos a cancelar."
    assert read(text) == read(text)
    assert RuleAnalyzer(PARAMS).analyze([Text("1", "a", text, AT, "x")]) == ANALYZER.analyze([Text("1", "a", text, AT, "x")])
