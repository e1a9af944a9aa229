"""Competition signals, case by case."""

import pytest

from tests.spec.cases import case, edge, empty, row


def text(age=None, strength=0.5, **columns):
    return row("texts", age, competitive=strength, **columns)


def export(age=None, **columns):
    return row("usage", age, **{"feature": "exports", **columns})


CASES = (
    *edge("competitive_hits_90d", text(), 90, inside=1, outside=0),
    empty("competitive_hits_90d", 0),
    case("competitive_hits_90d", "a hint below one half", [text(9, 0.49)], 0),
    case("competitive_hits_90d", "our own note counts", [text(9, side="us")], 1),
    *edge("competitive_own_words_90d", text(), 90, inside=1, outside=0),
    empty("competitive_own_words_90d", 0),
    case("competitive_own_words_90d", "our own note does not count", [text(9, side="us")], 0),
    *edge("competitive_strength_90d", text(strength=0.8), 90, inside=0.8, outside=0.2, beside=[text(9, 0.2)]),
    empty("competitive_strength_90d", 0),
    *edge("rival_signed", row("texts", rival_signed=1.0), 180, inside=1, outside=0),
    empty("rival_signed", 0),
    case("rival_signed", "a rival is only weighed", [text(9, 1.0)], 0),
    *edge("days_since_competitive_hit", text(), 182, inside=1, oldest=182, outside=182),
    empty("days_since_competitive_hit", 182),
    *edge("export_use_28d", export(quantity=3), 28, inside=3, outside=0),
    empty("export_use_28d", 0),
    case("export_use_28d", "by any name", [export(9, feature="Export CSV"), export(9, feature="bulk_export")], 2),
    case("export_use_28d", "another feature", [export(9, feature="imports")], 0),
    *edge("export_use_change", export(quantity=2), 28, inside=-0.5, outside=-1, older=-1, beside=[export(40, quantity=4)]),
    *edge("export_use_change", export(), 56, inside=0.5, newest=3, outside=2, beside=[export(9, quantity=3), export(40)]),
    empty("export_use_change", None),
    case("export_use_change", "nothing before", [export(9)], None),
    case("export_use_change", "customer for 55 days", [export(9), export(40)], None, began_days=55),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_competition(case, values):
    assert values[case] == pytest.approx(case.value)
