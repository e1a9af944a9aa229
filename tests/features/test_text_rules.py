"""What the rules reach: every example of every rule, the development set with floors, and what must not hit."""

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from features.params import TextParams
from features.text.analyzer import HIT_FROM, MARKS, SIGNALS, Text, scores
from features.text.phrase_files import compiled_rules, lookalikes
from features.text.rules import RuleAnalyzer

DEVELOPMENT = Path("features/text/examples.csv")
PARAMS = TextParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["text"])
ANALYZER = RuleAnalyzer(PARAMS)


def _text(text, side="customer", lang=None):
    return Text("1", "a", text, datetime(2025, 1, 1, tzinfo=UTC), "tickets", author_side=side, lang=lang)


def read(text, side="customer", lang=None):
    return ANALYZER.analyze([_text(text, side, lang)])[0]


def found(text, side="customer"):
    return {signal for signal, score in scores(read(text, side)).items() if score >= HIT_FROM and signal in SIGNALS}


@pytest.mark.parametrize("rule", compiled_rules(), ids=lambda rule: rule.name)
def test_a_rule_hits_its_examples_and_spares_its_counterexamples(rule):
    missed = [text for text in rule.examples_pos if not _hits(rule, text)]
    false_alarms = [text for text in rule.examples_neg if _hits(rule, text)]
    assert (missed, false_alarms) == ([], [])
    assert rule.examples_pos, "a rule without an example proves nothing"
    assert rule.examples_neg, "a rule without a counterexample proves nothing"


def _hits(rule, text):
    _, _, hits = ANALYZER.unjudged(_text(text))
    return any(hit.rule == rule.name and not hit.negated for hit in hits)


WHEN = {
    "en": ("at the end of the quarter", "when it ends on 31 March", "from next month on"),
    "es": ("al final del trimestre", "cuando venza el 31 de marzo", "a partir del mes que viene"),
}


def test_the_time_at_which_a_customer_leaves_does_not_silence_it():
    said = [(rule, text.rstrip(" .!")) for rule in compiled_rules() for text in rule.examples_pos if "?" not in text]
    leaves = [f"{text} {when}." for rule, text in said if rule.signal == "cancellation" for when in WHEN[rule.lang]]
    read = [ANALYZER.unjudged(_text(text)) for text in leaves]
    told = [any(hit.signal == "cancellation" and not hit.negated for hit in hits) for _, _, hits in read]
    assert [text for text, each in zip(leaves, told, strict=True) if not each] == []


def test_what_is_meant_is_not_taken_for_its_contrary():
    for said in ("We will not renew our subscription.", "We would most likely not renew for another year."):
        assert "cancellation" in found(said)
    assert "cancellation" in found("What do we have to sign to get out of our contract?")
    assert found("We will gladly renew our subscription.") == set()
    assert found("What are we supposed to get out of this tool?") <= {"value_doubt"}


def test_the_heading_of_a_note_says_nothing_and_the_note_does():
    for note in ("CSM note: our VP of Sales resigned yesterday.", "Nota CSM: nuestra directora general ha dimitido."):
        assert found(note) == {"stakeholder"}
    assert found("CSM: our VP of Sales resigned yesterday.") == set()


@pytest.mark.parametrize("lookalike", lookalikes(), ids=lambda entry: entry.what)
def test_a_short_text_that_speaks_of_something_else_tells_nothing(lookalike):
    assert [text for text in lookalike.examples if found(text) & lookalike.signals] == []


def test_every_pattern_of_every_rule_compiles():
    for rule in compiled_rules():
        for pattern in (*rule.patterns, *rule.exclude, *rule.retract):
            assert pattern.regex.pattern


def test_both_languages_know_every_signal():
    assert {(rule.signal, rule.lang) for rule in compiled_rules()} == {
        (s, lang) for s in (*SIGNALS, *MARKS) for lang in ("en", "es")
    }


def _development():
    with DEVELOPMENT.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _tally(kind, lang=None, rows=None):
    tally = Counter()
    for row in rows or _development():
        if row["kind"] == kind and lang in (None, row["lang"]):
            wanted = set(filter(None, row["signals"].split(";")))
            got = found(row["text"])
            tally.update(right=len(wanted & got), extra=len(got - wanted), missed=len(wanted - got), texts=1)
    return tally


@pytest.mark.parametrize("lang", ["en", "es"])
def test_explicit_sentences_are_found_with_few_false_alarms(lang):
    tally = _tally("explicit", lang)
    assert tally["right"] / (tally["right"] + tally["extra"]) >= 0.95
    assert tally["right"] / (tally["right"] + tally["missed"]) >= 0.9


@pytest.mark.parametrize(("kind", "recall"), [("indirect", 0.7), ("noisy", 0.7)])
def test_indirect_and_hurried_sentences_are_mostly_found(kind, recall):
    tally = _tally(kind)
    assert tally["right"] / (tally["right"] + tally["missed"]) >= recall


@pytest.mark.parametrize("kind", ["negative", "neutral"])
def test_sentences_that_only_look_alike_stay_silent(kind):
    tally = _tally(kind)
    assert tally["extra"] / tally["texts"] <= 0.05


@pytest.mark.parametrize(
    "text",
    [
        "Please show this quarter vs last quarter.",
        "Friday is the last day to register.",
        "El viernes es el último día para apuntarse.",
        "Our customer acquisition cost fell.",
        "Can we cancel the meeting on Monday?",
        "¿Podemos cancelar la reunión del lunes?",
        "Cancel order 77, please.",
        "Nos vamos de vacaciones el viernes.",
        "Estoy de baja médica hasta el lunes.",
        "The service is excellent.",
        "El servicio es excelente.",
        "Where do I enter discount codes?",
        "We moved from Zendesk to you and are happy.",
        "The bug is fixed.",
        "El error ya está corregido.",
        "The replacement keyboard arrived.",
    ],
)
def test_well_known_false_friends_do_not_hit(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("We are not going to cancel our subscription.", "cancellation"),
        ("No vamos a cancelar la suscripción.", "cancellation"),
        ("We have never looked at other vendors.", "competitive"),
        ("No estamos evaluando otras alternativas.", "competitive"),
        ("It is not expensive.", "budget"),
        ("No es caro.", "budget"),
    ],
)
def test_a_negated_phrase_is_kept_as_evidence_and_does_not_count(text, signal):
    result = read(text)
    assert scores(result)[signal] == 0
    assert any(hit.signal == signal and hit.negated for hit in result.hits)


def test_a_no_before_a_pause_negates_nothing():
    assert "cancellation" in found("No, we want to cancel our subscription.")
    assert "cancellation" in found("No, queremos cancelar la suscripción.")


def test_a_phrase_that_holds_its_own_negation_counts():
    assert "cancellation" in found("We will not renew.")
    assert "cancellation" in found("No vamos a renovar.")


def test_something_that_is_not_fixed_still_counts():
    assert "product_issue" in found("The export is broken and it is still not fixed.")


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("We are thinking of cancelling and your export has failed every day.", {"cancellation", "product_issue"}),
        ("We want to cancel our contract because the import never works.", {"cancellation", "product_issue"}),
        ("Queremos cancelar el contrato y la exportación falla cada día.", {"cancellation", "product_issue"}),
        ("Queremos cancelar la suscripción porque la importación no funciona.", {"cancellation", "product_issue"}),
        ("Queremos cancelar el contrato, la reunión de ayer no sirvió.", {"cancellation"}),
        ("We will cancel our subscription and tell our users.", {"cancellation"}),
        ("It is too expensive and the cost report is wrong.", {"budget", "product_issue"}),
    ],
)
def test_what_another_clause_speaks_of_takes_nothing_back(text, signals):
    assert found(text) == signals


def test_in_a_run_on_sentence_the_rules_hear_both_matters_and_the_judge_keeps_the_main_one():
    text = "I want to cancel my subscription your export fails daily"
    _, _, hits = ANALYZER.unjudged(_text(text, "customer", None))
    assert {hit.signal for hit in hits if not hit.negated} == {"cancellation", "product_issue"}
    assert "cancellation" in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Can we cancel all of our meetings on Thursday, please?",
        "How do I cancel the import that is running?",
        "¿Podéis cancelar mañana la reunión?",
        "Cancelad por favor el pedido 77.",
    ],
)
def test_an_object_of_cancel_that_is_no_contract_takes_it_back(text):
    assert "cancellation" not in found(text)


@pytest.mark.parametrize(
    "text",
    ["The export failed yesterday and now it is fixed.", "La exportación falló ayer y ya está solucionado."],
)
def test_a_problem_that_is_solved_is_taken_back_wherever_it_is_said(text):
    assert found(text) == set()


def test_two_weak_cues_of_different_rules_make_a_hit():
    weak = [rule for rule in compiled_rules() if rule.weight < HIT_FROM]
    assert weak
    assert all(1 - (1 - rule.weight) ** 2 >= HIT_FROM for rule in weak)
