"""Firmographic signals, case by case."""

import pytest

from tests.spec.cases import ago, case, edge, empty, row


def news(kind, age=None):
    return row("company_events", age, kind=kind)


WINDOWS = (
    ("layoffs_180d", "layoffs", 180),
    ("acquisition_180d", "acquisition", 180),
    ("trouble_180d", "financial_trouble", 180),
    ("leadership_change_180d", "leadership_change", 180),
    ("pivot_365d", "pivot", 365),
    ("funding_365d", "funding", 365),
    ("regulation_365d", "regulation", 365),
)

CASES = (
    *(each for name, kind, days in WINDOWS for each in edge(name, news(kind), days, inside=1, outside=0)),
    *(empty(name, 0) for name, _, _ in WINDOWS),
    *(case(name, "other news", [news("layoffs" if kind == "regulation" else "regulation", 9)], 0) for name, kind, _ in WINDOWS),
    case("funding_365d", "growth", [news("growth", 9)], 1),
    empty("industry", None),
    case("industry", "known", [], "retail", account={"industry": "retail"}),
    case("industry", "changed at as_of", [row("accounts", created_at=ago(500), industry="x", known_at=ago(0))], None),
    empty("country", None),
    case("country", "known", [], "ES", account={"country": "ES"}),
    empty("region", None),
    case("region", "known", [], "south", account={"region": "south"}),
    empty("employees", None),
    case("employees", "known", [], 120, account={"employees": 120}),
    empty("strategic", None),
    case("strategic", "it is", [], 1, account={"strategic": True}),
    case("strategic", "it is not", [], 0, account={"strategic": False}),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_firmographic(case, values):
    assert values[case] == (case.value if isinstance(case.value, str) else pytest.approx(case.value))
