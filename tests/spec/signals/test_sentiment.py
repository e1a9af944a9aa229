"""Sentiment signals, case by case."""

import pytest

from tests.spec.cases import ago, case, edge, empty, row


def nps(age=None, score=4, **columns):
    answered = {} if age is None else {"answered_at": ago(age - 0.01)}
    return row("surveys", age, score=score, **{**answered, **columns})


def sent(score=4, **columns):
    """An answer some time before as_of, whenever it was sent; learned with the survey."""
    return row("surveys", score=score, answered_at=ago(1), score_known_at=ago(900), answered_at_known_at=ago(900), **columns)


def text(age=None, tone=-0.6, **columns):
    return row("texts", age, sentiment=tone, **columns)


def mail(words, age=None, **columns):
    return row("messages", age, text=words, **columns)


RECENT = [mail("four", age) for age in (20, 21, 22)]
EARLIER = [mail("ab", age) for age in (100, 101, 102)]
TWO = [text(40, 0.3), text(41, 0.3)]
THREE = [*TWO, text(42, 0.3)]

MARKS = [nps(9, 3, kind="csat"), nps(200, 4, kind="csat")]
BESIDE = [text(40, 0.3, source="tickets"), text(41, 0.3, source="tickets")]

CASES = (
    *edge("nps_last", sent(), 365, inside=4, outside=None),
    empty("nps_last", None),
    case("nps_last", "the answer given last, not the survey sent last", [nps(60, 3, answered_at=ago(2)), nps(30, 9)], 3),
    case("nps_last", "answered after as_of", [nps(60, 3, answered_at=ago(-2)), nps(90, 9)], 9),
    case("nps_last", "the lower of two at once", [nps(60, 7, contact_id="p"), nps(60, 3, contact_id="q")], 3),
    case("nps_last", "another kind of survey", [nps(9, 4, kind="csat")], None),
    *edge("nps_change_180d", sent(), 180, inside=-5, outside=None, beside=[nps(300, 9)]),
    *edge("nps_change_180d", sent(), 365, inside=5, newest=None, outside=None, beside=[nps(20, 9)]),
    empty("nps_change_180d", None),
    case("nps_change_180d", "customer for 269 days", [nps(9, 9), nps(200, 4)], None, began_days=269),
    *edge("nps_detractors_365d", sent(6), 365, inside=1, outside=0),
    empty("nps_detractors_365d", 0),
    case("nps_detractors_365d", "a seven is none", [nps(9, 7)], 0),
    *edge("csat_mean_180d", sent(kind="csat"), 180, inside=4, outside=None),
    empty("csat_mean_180d", None),
    case("csat_mean_180d", "of two", [nps(9, 4, kind="csat"), nps(10, 1, kind="csat")], 2.5),
    *edge("sentiment_mean_90d", text(), 90, inside=0, outside=None, beside=TWO),
    empty("sentiment_mean_90d", None),
    case("sentiment_mean_90d", "two texts are too few", TWO, None),
    case("sentiment_mean_90d", "our notes have no tone", [*TWO, text(9, None, side="us")], None),
    *edge(
        "sentiment_change_90d", text(), 90, inside=-0.6, outside=None, beside=[*TWO, text(95, 0.6), text(96, 0.6), text(97, 0.6)]
    ),
    *edge(
        "sentiment_change_90d", text(), 180, inside=0, newest=None, outside=None, beside=[*THREE, text(95, 0.7), text(96, 0.8)]
    ),
    empty("sentiment_change_90d", None),
    case("sentiment_change_90d", "nothing before", THREE, None),
    case("sentiment_change_90d", "customer for 119 days", [*THREE, *[text(d) for d in (91, 92, 93)]], None, began_days=119),
    *edge("csat_change_180d", sent(2, kind="csat"), 180, inside=-1.5, older=0, outside=-1, beside=MARKS),
    *edge("csat_change_180d", sent(2, kind="csat"), 365, inside=0, newest=-1.5, outside=-1, beside=MARKS),
    empty("csat_change_180d", None),
    case("csat_change_180d", "another kind of survey", [nps(9, 3), nps(200, 4)], None),
    case("csat_change_180d", "customer for 269 days", MARKS, None, began_days=269),
    *edge("comment_tone_180d", text(source="surveys"), 180, inside=-0.6, outside=None),
    empty("comment_tone_180d", None),
    case("comment_tone_180d", "a mail is no comment", [text(9)], None),
    *edge("ticket_tone_180d", text(source="tickets"), 180, inside=0, outside=None, beside=BESIDE),
    empty("ticket_tone_180d", None),
    case("ticket_tone_180d", "a mail is no ticket", [*BESIDE, text(9)], None),
    *edge("warm_texts_90d", text(tone=0.3), 90, inside=1, outside=0),
    empty("warm_texts_90d", 0),
    case("warm_texts_90d", "hardly warm", [text(9, 0.29)], 0),
    *edge("message_length_ratio", mail("four"), 60, inside=2, older=None, outside=None, beside=[*RECENT[:2], *EARLIER]),
    *edge("message_length_ratio", mail("four"), 180, inside=1.5, newest=None, outside=None, beside=[*RECENT, *EARLIER[:2]]),
    empty("message_length_ratio", None),
    case("message_length_ratio", "as long as before", [*RECENT, *(mail("four", 90 + n) for n in range(3))], 1),
    case("message_length_ratio", "what we write", [*(mail("four", n, direction="out") for n in (8, 9, 10)), *EARLIER], None),
    case("message_length_ratio", "customer for 89 days", [*RECENT, *EARLIER], None, began_days=89),
    *edge("negative_texts_90d", text(tone=-0.3), 90, inside=1, outside=0),
    empty("negative_texts_90d", 0),
    case("negative_texts_90d", "hardly negative", [text(9, -0.29)], 0),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_sentiment(case, values):
    assert values[case] == pytest.approx(case.value)
