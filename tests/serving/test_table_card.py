"""The model card of a table: in both languages, from its facts, with nothing on it that a table does not know."""

import re
from dataclasses import replace
from datetime import date
from string import Formatter

import pytest

from serving import card as cards
from serving.card import Bin, Cell, Controls, Curve, Swarm
from serving.table_card import facts as of_table
from serving.table_card.document import table_document
from serving.table_card.facts import Check, ColumnFact, GroupFact, LabelFact, LeftOut, TableFacts, TimeFact
from serving.table_card.page import table_page
from serving.table_card.words import WORDING_FILE, TableWords, own
from serving.web.words import keys
from serving.wording import Text
from tests.serving.conftest import cells
from tests.serving.test_web_in_browser import browser, page  # noqa: F401 - fixtures

SHARE = [n / 20 for n in range(21)]
LONG = "number_of_times_that_the_customer_has_called_us_within_the_last_quarter"


@pytest.fixture
def table_facts():
    metrics = {
        name: cells(value) for name, value in (("model", 0.83), ("boosting", 0.83), ("best_column", 0.7), ("base_rate", 0.5))
    }
    dots = tuple(((n - 40) / 30, None if n % 9 == 0 else n / 80) for n in range(80))
    return TableFacts(
        file="customers.csv",
        label=LabelFact("renewed", "no"),
        group=None,
        time=None,
        rows=1380,
        churned=302,
        to_score=20,
        kind="blend",
        anchor_share=0.6,
        capacity_share=0.1,
        few_churned=50,
        folds=10,
        tested_rows=1380,
        tested_churned=302,
        columns=(
            ColumnFact("logins", category=False, direction=-1, known=0.93, push=1.145),
            ColumnFact("plan", category=True, direction=0, known=1.0, push=0.5),
        ),
        left_out=(LeftOut("<b>id", Text(en="is empty", es="está vacía")), LeftOut("reason", None)),
        metrics=metrics,
        bins=tuple(Bin(0.05 * n, 0.06 * n, 138, 8 * n) for n in range(1, 11)),
        gains=(Curve("model", tuple((x, min(1.0, 2 * x)) for x in SHARE)), Curve("best_column", tuple((x, x) for x in SHARE))),
        swarm=(Swarm("logins", "", dots), Swarm(LONG, "", dots)),
        controls=Controls(Cell(0.497, 0.42, 0.58), None, None, None, None, 0),
        gate=(
            Check("leak", passed=True, said=Text(en="none", es="ninguna")),
            Check("something_new", passed=False, said=Text(en="too few left", es="se fueron demasiado pocas")),
        ),
        fingerprints={"data": "0123abcd", "code": "unknown", "params": "abc"},
    )


def shown(facts, language="en"):
    return table_page(facts, TableWords(language))


def lines(table):
    return {line[0][0]: [said for said, _ in line[1:]] for line in table.lines}


def test_facts_come_back_from_their_file_and_the_same_facts_give_the_same_bytes(table_facts, tmp_path):
    for time in (None, TimeFact("seen", date(2024, 1, 5), date(2024, 9, 1), 90.0), TimeFact("week", 5.0, 17.0, 0.0)):
        facts = replace(table_facts, time=time, group=GroupFact("customer", 700, 200))
        of_table.write(facts, tmp_path)
        first = (tmp_path / cards.FILE).read_bytes()
        assert of_table.read(tmp_path / cards.FILE) == facts
        of_table.write(of_table.read(tmp_path / cards.FILE), tmp_path)
        assert (tmp_path / cards.FILE).read_bytes() == first


def test_the_card_says_what_the_data_were_and_which_columns_were_left_out_and_why(table_facts):
    english, spanish = shown(table_facts), shown(table_facts, "es")
    assert english.made == "Trained on customers.csv"
    assert english.data[0] == "1,380 rows with an outcome; 302 of them left (22%)."
    assert spanish.data[0] == "1.380 filas con desenlace; se fueron 302 (22\N{NO-BREAK SPACE}%)."
    assert english.missing == ("<b>id is empty.", "reason was left out on request.")
    assert spanish.missing == ("<b>id está vacía.", "reason se excluyó a petición.")
    assert lines(english.tables)["logins"] == ["numbers", "93%", "1.145", "lower is riskier"]
    assert lines(english.tables)["plan"] == ["names", "100%", "0.500", "–"]
    assert "La probabilidad de que una fila se vaya: de que la columna renewed diga «no»." in spanish.framing


def test_figures_stand_beside_the_baselines_and_what_is_the_model_itself_has_no_column_of_its_own(table_facts):
    (measured,) = shown(table_facts, "es").measured
    assert measured.columns == ("Medida", "Este modelo", "La mejor columna sola", "Promedio")
    assert measured.caption == "Filas que el modelo no había visto: 1.380, se fueron 302"
    assert measured.lines[0][1] == ("0,830", "de 0,790 a 0,870")
    assert "Value an account" not in lines(shown(table_facts).measured[0])
    assert lines(shown(table_facts).measured[0])["Calibration slope"][-1] == "–"  # one probability for all


def test_a_table_without_days_is_told_to_know_no_when_and_to_be_dealt_by_chance(table_facts):
    alone = shown(table_facts)
    assert any("whether, not when" in line for line in alone.limits)
    assert any("dealt by chance, not by time" in line for line in alone.limits)
    assert any("name their column with --group" in line for line in alone.limits)
    dated = replace(table_facts, time=TimeFact("seen", date(2024, 1, 5), date(2024, 9, 1), 90.0), group=GroupFact("id", 700, 200))
    told = shown(dated)
    assert not any("dealt by chance" in line or "--group" in line for line in told.limits)
    assert "Rows were looked at from 5 Jan 2024 to 1 Sep 2024, as seen says." in told.data
    assert "An outcome counted as known 90 days after the row's own seen." in told.framing
    assert "Rows with the same id stay together: 700 groups, 200 of which left." in told.data


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_a_table_cannot_know_is_not_on_its_card(table_facts, language):
    html = table_document(table_facts, language)
    words = ("account", "revenue", "lead", "day ahead", "horizon") if language == "en" else ("cuenta", "ingreso", "antelación")
    said = re.sub(r"<[^>]+>", " ", html.partition("</style>")[2]).lower().replace("cada fila cuenta como", "")
    assert [word for word in words if re.search(rf"\b{word}", said)] == []


def test_the_random_split_is_warned_of_only_where_it_claims_more(table_facts):
    grouped = replace(table_facts, group=GroupFact("id", 700, 200))
    measured = Controls(Cell(0.497, 0.42, 0.58), 0.873, 0.415, 0.813, 0.297, 160)
    said = " ".join(shown(replace(grouped, controls=measured)).controls)
    assert "would have claimed AUC 0.873" in said
    assert "with groups kept together they are 0.813" in said
    said = " ".join(shown(replace(grouped, controls=replace(measured, random_auc=0.8)), "es").controls)
    assert "no habría prometido más: AUC de 0,800" in said
    (alone,) = shown(table_facts).controls
    assert alone.startswith("With outcomes dealt to the wrong rows its AUC is 0.497; chance lies between 0.420 and 0.580.")


def test_a_refusal_says_what_fell_short_in_the_language_of_the_card(table_facts):
    assert shown(table_facts).summary[-1] == "Too few left."
    assert shown(table_facts, "es").summary[-1] == "Se fueron demasiado pocas."
    assert lines(shown(table_facts).gate)["something_new"] == ["not passed"]
    passed = replace(table_facts, gate=table_facts.gate[:1])
    assert shown(passed).summary[-1] == "It passed every check."


def test_a_control_that_could_not_be_run_is_not_said_to_be_passed(table_facts):
    check = Check("permuted_labels", passed=True, said=Text(en="too few outcomes", es="demasiado pocos desenlaces"))
    facts = replace(table_facts, gate=(check,))
    assert lines(shown(facts).gate)["Wrong outcomes teach nothing"] == ["passed"]
    unmeasured = replace(facts, controls=Controls(Cell(None), None, None, None, None, 0))
    assert lines(shown(unmeasured).gate)["Wrong outcomes teach nothing"] == ["not measured"]


@pytest.mark.parametrize(
    ("kind", "share", "said"),
    [
        ("anchor", 1.0, "speaks alone"),
        ("blend", 0.0, "Boosted trees speak alone"),
        ("blend", 0.25, "a column (25%), and boosted"),
    ],
)
def test_who_speaks_is_said(table_facts, kind, share, said):
    assert said in shown(replace(table_facts, kind=kind, anchor_share=share)).summary[0]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_model_that_could_not_be_tested_has_a_card_without_figures(table_facts, language):
    bare = replace(
        table_facts,
        folds=0,
        tested_rows=0,
        tested_churned=0,
        metrics={},
        bins=(),
        gains=(),
        swarm=(),
        controls=Controls(Cell(None), None, None, None, None, 0),
    )
    bared = shown(bare, language)
    untested = TableWords(language).say("table_card.untested")
    assert [(each.svg, each.read) for each in bared.pictures] == [("", untested)]
    assert [(each.caption, each.lines) for each in bared.measured] == [(untested, ())]
    assert bared.driving == ()
    assert untested in bared.framing
    assert not re.search(r"\b(nan|None)\b", table_document(bare, language).partition("</style>")[2])


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_document_stands_alone_and_escapes_names_from_outside(table_facts, language):
    html = table_document(table_facts, language)
    assert f'<html lang="{language}">' in html
    assert not re.search(r'(src|href)="', html)
    assert "<b>id" not in html
    assert html.count("<svg") == 3
    assert f"{LONG[:43]}…" in html


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_card_fits_the_screen_and_its_pictures_their_frames(table_facts, page, language):  # noqa: F811 - the fixture
    page.set_content(table_document(table_facts, language))
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    beyond = """[...document.querySelectorAll('svg text')].filter(each => {
        const [own, frame] = [each.getBoundingClientRect(), each.closest('section').getBoundingClientRect()]
        return own.right > frame.right + 1 || own.left < frame.left - 1 }).map(each => each.textContent)"""
    assert page.evaluate(beyond) == []
    titles = page.evaluate("[...document.querySelectorAll('svg .axis-title')].map(each => each.textContent)")
    assert len(titles) == 5
    assert all("%" in title or "log-odds" in title for title in titles)


def test_every_text_of_the_table_is_said_somewhere_and_replaces_one_that_exists():
    folder = WORDING_FILE.parent
    source = " ".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    built = ("card.metric_", "card.ranking_", "card.check_", "card.axis_", "table_card.random_", "table_card.label_")
    here = {key for key in own() if key.startswith("table_card.")}
    unsaid = {key for key in here if key.removesuffix("_one") not in source and not key.startswith(built)}
    assert unsaid == set()
    more = {"card.kind_trees", "card.ranking_boosting", "card.ranking_best_column", "card.check_beats_best_column"}
    assert {key for key in own() if key.startswith("card.")} - keys() == more


def test_both_languages_have_the_same_places_to_fill():
    def places(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert [key for key, text in own().items() if places(text.en) != places(text.es)] == []


def test_what_was_read_otherwise_stands_with_the_data_and_what_was_not_done_with_the_limits(table_facts):
    odd = Text(en="column fee: 3 cells are written otherwise", es="columna fee: 3 celdas están escritas de otro modo")
    few = Text(en="the anchor serves alone", es="sirve el ancla sola")
    facts = replace(table_facts, data_notes=(odd,), training_notes=(few,))
    assert shown(facts).data[-1] == "Column fee: 3 cells are written otherwise."
    assert "The anchor serves alone." in shown(facts).limits
    assert "Sirve el ancla sola." in shown(facts, "es").limits


def test_one_row_reads_as_one(table_facts):
    dated = replace(table_facts, time=TimeFact("week", 5.0, 17.0, 0.0), folds=1)
    assert any("en un tramo de week" in line for line in shown(dated, "es").framing)
    assert TableWords("en").count("drivers.evidence", 1) == "Evidence: 1 row"
