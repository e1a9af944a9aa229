"""The figures: they add up, they fit their frame, and they print nothing unescaped."""

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.figures.curve import Mark, Point, horizon_curve
from serving.figures.heat import Row as HeatRow
from serving.figures.heat import heat
from serving.figures.past import Score, history_line
from serving.figures.plot import Axis, Dot, Line, Upright, plot
from serving.figures.swarm import Labels as SwarmLabels
from serving.figures.swarm import Row, swarm
from serving.figures.waterfall import Labels, Push, waterfall

LABELS = Labels("Start", "End", "From <here> to there")
pushes = st.lists(st.floats(-8, 8, allow_nan=False), max_size=11)


def percent(share: float) -> str:
    return f"{share:.1%}"


def numbers(svg: str, attribute: str) -> list[float]:
    return [float(each) for each in re.findall(rf'\s{attribute}="(-?[\d.]+)"', svg)]


@given(st.floats(-9, 9), pushes)
def test_a_waterfall_is_well_formed_and_stays_in_its_frame(base, sizes):
    svg = waterfall(base, [Push(f"<{n}>", size, "×2") for n, size in enumerate(sizes)], LABELS, percent)
    ET.fromstring(svg)
    assert svg.count("<rect") == len(sizes)
    assert all(-1 <= x <= 401 for attribute in ("x", "cx", "x1", "x2") for x in numbers(svg, attribute))


def test_a_waterfall_ends_where_its_pushes_lead():
    svg = waterfall(0.0, [Push("a", 1.0, ""), Push("b", -1.0, ""), Push("c", 0.5, "")], LABELS, percent)
    start, end = numbers(svg, "cx")
    widths = numbers(svg, "width")
    assert "50.0%" in svg
    assert "62.2%" in svg
    assert end - start == pytest.approx(widths[2], abs=0.2)
    assert widths[0] == pytest.approx(widths[1], abs=0.2) == pytest.approx(2 * widths[2], abs=0.2)


def test_bars_to_the_right_raise_and_bars_to_the_left_lower():
    svg = waterfall(0.0, [Push("up", 1.0, ""), Push("down", -0.4, "")], LABELS, percent)
    assert re.findall(r'<rect[^>]*class="(\w+)"', svg) == ["raises", "lowers"]


def test_words_in_a_figure_are_escaped():
    svg = waterfall(0.0, [Push("<b>&", 1.0, '"')], LABELS, percent)
    assert "<b>" not in svg
    assert "&lt;b&gt;&amp;" in svg
    assert 'aria-label="From &lt;here&gt; to there"' in svg


def test_the_curve_rises_and_marks_the_renewal_only_inside_its_range():
    points = [Point(days, p, percent(p), (f"{days} d", "1 Apr"), days == 90) for days, p in ((30, 0.1), (90, 0.3), (365, 0.6))]
    svg = horizon_curve(points, Mark(120, "renewal"), description="d")
    ET.fromstring(svg)
    heights = numbers(svg, "cy")
    assert heights == sorted(heights, reverse=True)
    assert "renewal" in svg
    assert "renewal" not in horizon_curve(points, Mark(400, "renewal"), description="d")
    assert "renewal" not in horizon_curve(points, Mark(-3, "renewal"), description="d")


@given(st.lists(st.floats(0, 1), min_size=2, max_size=40))
def test_a_history_has_a_dot_a_run_and_stays_in_its_frame(shares):
    scores = [Score(date.fromordinal(735_000 + 7 * n), p, "low", percent(p), "day") for n, p in enumerate(shares)]
    svg = history_line(scores, description="d")
    ET.fromstring(svg)
    assert svg.count("<circle") == len(shares)
    assert all(0 <= y <= 130 for y in numbers(svg, "cy"))


AXIS = Axis("share (%)", 1.0, [(0.0, "0"), (1.0, "100%")])
shares = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=8)


@given(shares, shares)
def test_a_plot_is_well_formed_and_stays_in_its_frame(points, dots):
    drawn = [Dot(x, y, max(0, y - 0.1), min(1, y + 0.1), 4) for x, y in dots]
    line = Line("<us>", "c0", points, [y / 2 for _, y in points], [y for _, y in points])
    svg = plot([line], AXIS, AXIS, description="<d>", dots=drawn, upright=Upright(0.1, "<mark>"), same="same")
    ET.fromstring(svg)
    assert svg.count("<circle") == len(dots)
    assert all(-1 <= x <= 401 for attribute in ("x", "cx", "x1", "x2") for x in numbers(svg, attribute))


def test_a_plot_puts_more_to_the_right_and_higher_up():
    svg = plot([], AXIS, AXIS, description="d", dots=[Dot(0.2, 0.2, 0.1, 0.3, 4), Dot(0.8, 0.9, 0.8, 1.0, 4)])
    (left, right), (low, high) = numbers(svg, "cx"), numbers(svg, "cy")
    assert left < right
    assert high < low


@given(st.lists(st.tuples(st.floats(-4, 4, allow_nan=False), st.one_of(st.none(), st.floats(0, 1))), max_size=30))
def test_a_swarm_has_a_dot_an_account_on_the_side_it_pushes_to(dots):
    svg = swarm([Row("<signal>", dots)], SwarmLabels("axis", "low", "high", "unknown", "d", str))
    ET.fromstring(svg)
    across = numbers(svg, "cx")[: len(dots)]
    assert len(across) == len(dots)
    assert all(
        (x - 200) * push >= -0.1 * abs(push) for x, (push, _) in zip(across, sorted(dots, key=lambda dot: dot[0]), strict=True)
    )


def test_a_heat_is_darkest_where_the_share_is_largest():
    svg = heat(
        [HeatRow("<a>", [(0.1, "10"), (0.5, "50")]), HeatRow("b", [(0.0, ""), (0.25, "25")])],
        ["Jan", "Feb"],
        "title",
        description="d",
    )
    ET.fromstring(svg)
    assert re.findall(r'<rect[^>]*class="(\w+)"', svg) == ["h1", "h4", "h0", "h2"]
