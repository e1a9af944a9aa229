"""The report of a replay as a page."""

from datetime import date

import numpy as np
import pandas as pd

from serving.backtest_report import render

MONTH = {
    "as_of": pd.Timestamp("2025-03-01"),
    "model_until": "2025-01-01",
    "accounts": 1234,
    "matured": 1200,
    "expected_all": 31.4,
    "expected": 30.2,
    "observed": 28,
    "auc": 0.81,
    "churned_arr": 200000.0,
    "flagged_arr": 90000.0,
}
TOTALS = {
    "months": 1.0,
    "expected": 30.2,
    "observed": 28.0,
    "observed_expected": 0.93,
    "flagged_arr": 0.45,
    "flagged_arr_by_probability": 0.4,
    "flagged_arr_by_rule_score": 0.3,
    "flagged_arr_by_recency": 0.2,
    "median_lead_days": 47.0,
}


def page(months=(MONTH,), totals=TOTALS, refusals=()):
    frame = pd.DataFrame(list(months), columns=list(MONTH))
    days = {"start": date(2025, 3, 1), "until": date(2025, 9, 1)}
    html = render(frame, totals, dict(refusals), **days, horizon_days=90, capacity_share=0.1)
    return html, " ".join(html.split())


def test_it_says_what_was_caught_and_how_early():
    _, words = page()
    assert "10 % of the accounts would have had <strong>45 %</strong> of the revenue that left within 90 days" in words
    assert "<strong>47 days</strong> before the decision" in words
    assert "Expected churns 30.2, observed 28 (observed / expected 0.93)." in words


def test_each_ranking_has_a_line():
    _, words = page()
    for label, share in (("the queue (probability × ARR)", 45), ("probability alone", 40), ("the rule score", 30)):
        assert f"<td>{label}</td><td>{share} %</td>" in words


def test_a_month_has_its_numbers():
    _, words = page()
    assert (
        "<td>2025-03-01</td><td>2025-01-01</td><td>1,234</td> <td>30.2</td><td>28</td> <td>0.81</td> <td>200,000</td> <td>45 %</td>"
        in words
    )


def test_a_month_that_is_not_over_says_so():
    _, words = page([MONTH | {"matured": 0, "auc": np.nan}])
    assert '<td>31.4</td><td colspan="4">not over yet</td>' in words


def test_what_is_not_known_is_left_out_and_nan_never_shown():
    unknown = dict.fromkeys(TOTALS, np.nan) | {"months": 1.0, "expected": 0.0, "observed": 0.0}
    html, words = page([MONTH | {"auc": np.nan, "churned_arr": 0.0, "flagged_arr": 0.0}], unknown)
    assert "nan" not in html
    assert "<strong>– %</strong>" in words
    assert "observed 0." in words
    assert "the rule score" not in words


def test_without_a_champion_it_says_so_and_why():
    html, words = page([], dict.fromkeys(TOTALS, np.nan), {"2025-03-01": "only 4 churned accounts; 10 are needed"})
    assert "No model would have been champion in any of these months." in words
    assert "<li>2025-03-01: only 4 churned accounts; 10 are needed</li>" in words
    assert "nan" not in html


def test_words_from_outside_cannot_become_html():
    html, _ = page([MONTH | {"model_until": "<b>x</b>"}], refusals={"<i>": "<script>alert('1')</script> & more"})
    assert "<script>" not in html
    assert "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; more" in html
    assert "&lt;b&gt;x" in html


def test_it_needs_no_other_file():
    html, _ = page()
    assert "http" not in html
    assert "src=" not in html
