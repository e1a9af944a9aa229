"""The report of a replay as a page."""

from datetime import date

import numpy as np
import pandas as pd

from serving.backtest_report import render

SHARES = (("queue", 0.7), ("probability", 0.6), ("rule_score", 0.4), ("recency", 0.3))
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
    "worked": 100,
    "worked_left": 15,
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
    "precision": 0.15,
    "precision_by_probability": 0.18,
    "precision_by_rule_score": 0.08,
    "precision_by_recency": 0.05,
    "median_lead_days": 47.0,
}
EARLY = pd.DataFrame(
    [
        *(
            (name, "alerted", days, share - days / 400, share - 0.2, share + 0.2, 60)
            for name, share in SHARES
            for days in (0, 30, 60)
        ),
        ("queue", "lead_time_days", np.nan, 47.0, 40.0, 60.0, 50),
    ],
    columns=["model", "metric", "days", "value", "low", "high", "churned_accounts"],
)


def page(months=(MONTH,), totals=TOTALS, refusals=(), early=EARLY, language="en"):
    frame = pd.DataFrame(list(months), columns=list(MONTH))
    how = {"start": date(2025, 3, 1), "until": date(2025, 9, 1), "language": language, "currency": "USD"}
    html = render(frame, early, totals, dict(refusals), **how, horizon_days=90, capacity_share=0.1)
    return html, " ".join(html.partition("</style>")[2].split())


def test_it_says_what_was_caught_how_well_and_how_early():
    _, words = page()
    assert (
        "The queue holds the 10% of the accounts with the most revenue at risk within 90 days that there is still time to save"
        in words
    )
    assert "<dt>Churned revenue in the queue</dt><dd>45%" in words
    assert "<dt>Precision in capacity</dt><dd>15%" in words
    assert "<dt>Flagged 60 days ahead or more</dt><dd>55%<small>95 %: 50% to 90%</small>" in words
    assert "<dt>Lead time</dt><dd>47 days" in words
    assert "28 left, 30.2 were expected" in words


def test_it_says_the_same_in_spanish_as_spanish_writes_it():
    html, words = page(language="es")
    assert '<html lang="es">' in html
    assert "<dt>Antelación</dt><dd>47 días" in words
    assert "se fueron 28, se esperaban 30,2" in words
    assert "45\N{NO-BREAK SPACE}%" in html


def test_each_ranking_has_a_line_with_what_it_would_have_caught_and_when():
    _, words = page()
    for label, share, precision, early in (
        ("the queue (probability in time × ARR)", 45, 15, 55),
        ("probability alone", 40, 18, 45),
        ("the health rules", 30, 8, 25),
        ("days since last use", 20, 5, 15),
    ):
        line = words.partition(f'<th scope="row">{label}</th>')[2].partition("</tr>")[0]
        assert f'<td class="number">{share}%</td>' in line
        assert f'<td class="number">{precision}%</td>' in line
        assert f'<td class="number">{early}%<small>' in line


def test_a_month_has_its_numbers():
    _, words = page()
    line = words.partition('<th scope="row">1 Mar 2025</th>')[2].partition("</tr>")[0]
    for said in ("2025-01-01", "1,234", "30.2", "28", "0.810", "15%", "$200,000", "45%"):
        assert f'<td class="number">{said}</td>' in line


def test_a_month_that_is_not_over_says_so():
    _, words = page([MONTH | {"matured": 0, "auc": np.nan}])
    assert '31.4</td> <td class="number" colspan="5">not over yet</td>' in words


def test_what_is_not_known_is_a_dash_and_nan_never_shown():
    unknown = dict.fromkeys(TOTALS, np.nan) | {"months": 1.0, "expected": 0.0, "observed": 0.0}
    html, words = page(
        [MONTH | {"auc": np.nan, "churned_arr": 0.0, "flagged_arr": 0.0, "worked": 0}], unknown, early=EARLY.iloc[:0]
    )
    assert "nan" not in html
    assert "<dt>Churned revenue in the queue</dt><dd>–" in words
    assert "too few left to say" in words
    assert "<figure>" not in words


def test_without_a_champion_it_says_so_and_why():
    html, words = page(
        [], dict.fromkeys(TOTALS, np.nan), {"2025-03-01": "only 4 churned accounts; 10 are needed"}, EARLY.iloc[:0]
    )
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
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    assert "src=" not in html
