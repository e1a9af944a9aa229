"""The model card: in both languages, from the facts that were written beside the model."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from serving import card as cards
from serving.card import Bin, Cell, Controls
from serving.web.app import create_app
from serving.web.card_document import card_document
from serving.web.card_page import card_page
from serving.web.card_pictures import wilson
from serving.web.words import Words


def shown(facts, language="en"):
    return card_page(facts, Words(language), "USD")


def lines(table):
    return {line[0][0]: list(line[1:]) for line in table.lines}


def test_facts_come_back_from_their_file_and_the_same_facts_give_the_same_bytes(card_facts, tmp_path):
    cards.write(card_facts, tmp_path)
    first = (tmp_path / cards.FILE).read_bytes()
    found = cards.read(tmp_path / cards.FILE)
    assert found == card_facts
    cards.write(found, tmp_path)
    assert (tmp_path / cards.FILE).read_bytes() == first


def test_what_else_may_happen_stands_in_a_table_of_its_own_with_who_speaks_of_it(card_facts):
    page = shown(card_facts)
    found = lines(page.second)
    assert found["Leaving in the middle of a term"][0] == ("7", "")
    assert found["Renewing for less"][1] == ("0.830", "0.780 to 0.880")
    assert found["Renewing for less"][3] == ("–", "")
    assert page.second_notes == ("No signal told more of renewals for less than the contract calendar does: it speaks alone.",)
    untold = shown(replace(card_facts, second=card_facts.second[:1]))
    assert "too few such renewals" in untold.second_notes[0]
    assert shown(replace(card_facts, second=())).second is None


def test_something_else_is_refused(tmp_path):
    (tmp_path / cards.FILE).write_text('{"until": "2026-01-01"}')
    with pytest.raises(ValueError, match="rows"):
        cards.read(tmp_path / cards.FILE)


def test_metrics_stand_beside_the_baselines_with_their_intervals_as_each_language_writes_them(card_facts):
    panel, lead = shown(card_facts).measured
    assert panel.columns == ("Measure", "This model", "Health rules", "Average")
    assert lines(panel)["AUC"][0] == ("0.830", "0.790 to 0.870")
    assert lines(panel)["Precision in capacity"][0] == ("53%", "10% to 90%")
    assert lines(panel)["Value an account"][0][0] == "-$1,234"
    assert lines(panel)["Calibration error"][0] == ("0.004", "")
    assert lead.caption == "One row a renewal, 90 days ahead: 2,189 renewals, 42 accounts left"
    spanish = shown(card_facts, "es").measured[0]
    assert lines(spanish)["AUC"][0] == ("0,830", "de 0,790 a 0,870")


def test_of_a_small_group_it_says_that_there_are_too_few_accounts(card_facts):
    groups = lines(shown(card_facts).groups)
    assert groups["Yearly revenue: 10,000 to 50,000"][2][0] == "0.830"
    assert groups["Yearly revenue: 50,000 or more"][2][0] == "too few accounts to say"
    assert "Contract: renews automatically" in groups
    assert "Contrato: renovación automática" in lines(shown(card_facts, "es").groups)


def test_what_is_missing_is_named(card_facts):
    said = " ".join(shown(card_facts).missing)
    assert "nps_last is not known of 71% of the accounts" in said
    assert "Tables the company did not give" in said
    complete = replace(card_facts, absent=(), missing=())
    assert shown(complete).missing == ("No table, and no signal of most accounts.",)


def test_controls_say_what_a_careless_split_would_have_claimed(card_facts):
    said = " ".join(shown(card_facts).controls)
    assert "AUC is 0.497; chance lies between 0.420 and 0.580" in said
    assert "would have claimed AUC 0.873" in said
    unmeasured = replace(card_facts, controls=Controls(Cell(None), None, None, None, None, 0))
    assert shown(unmeasured).controls == ("There were too few outcomes to run the controls.",)


def test_few_departures_and_a_refused_check_are_said(card_facts):
    page = shown(card_facts)
    assert any("Fewer than 50 accounts left" in line for line in page.limits)
    assert any("did not pass every check" in line for line in page.summary)
    assert lines(page.gate)["something_new"][0][0] == "not passed"


def test_a_model_that_could_not_be_tested_has_a_card_without_figures(card_facts):
    bare = replace(
        card_facts,
        kind="anchor",
        measured=(replace(card_facts.measured[0], metrics={}, rows=0, churned_accounts=0),),
        groups=(),
        bins=(),
        gains=(),
        alerted=(),
        lead_time={},
        swarm=(),
        families=(),
    )
    for language in ("en", "es"):
        page = shown(bare, language)
        assert (page.pictures, page.driving, page.groups) == ((), (), None)
        assert not re.search(r"\b(nan|None)\b", card_document(bare, language, "USD").partition("</style>")[2])


def test_an_interval_of_a_share_holds_it_and_stays_between_nothing_and_all():
    low, high = wilson(Bin(0.1, 0.0, 50, 0))
    assert (low, high) == pytest.approx((0, 0.0713), abs=1e-3)
    low, high = wilson(Bin(0.1, 0.2, 100, 20))
    assert low < 0.2 < high


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_document_stands_alone_and_escapes_names_from_outside(card_facts, language):
    html = card_document(card_facts, language, "USD")
    assert f'<html lang="{language}">' in html
    assert not re.search(r'(src|href)="', html)
    assert "<b>tier" not in html
    assert "&lt;b&gt;tier: gold &amp; tin" in html
    assert html.count("<svg") == 5


def test_the_page_shows_the_card_in_the_readers_language_and_is_linked_from_the_accounts(store, guide, card_facts):
    client = TestClient(create_app(store, guide, lambda: datetime(2026, 3, 3, tzinfo=UTC), lambda: card_facts))
    assert "What had to fail, and did" in client.get("/model?lang=en").text
    assert "Lo que tenía que fallar, y falló" in client.get("/model?lang=es").text
    assert 'href="/model"' in client.get("/?lang=en").text


def test_without_a_card_the_page_says_how_to_get_one(store, guide):
    client = TestClient(create_app(store, guide, lambda: datetime(2026, 3, 3, tzinfo=UTC)))
    said = client.get("/model?lang=en")
    assert said.status_code == 200
    assert "tenure train TABLES" in said.text
