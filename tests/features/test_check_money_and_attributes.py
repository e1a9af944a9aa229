"""Amounts in several currencies, and free attributes: what is known later never changes what was known before."""

from datetime import datetime

RATES = {"USD": 1.0, "EUR": 1.1}


def _terms(*money, first="2024-01-01"):
    return [
        {
            "subscription_id": f"S{n}",
            "account_id": "A" if n % 2 else "B",
            "started_at": "2024-01-01",
            "renews_at": "2025-01-01",
            "arr": arr,
            "currency": currency,
            "known_at": first if n == 0 else f"2024-02-0{n}",
        }
        for n, (arr, currency) in enumerate(money)
    ]


def test_one_currency_needs_no_rate(checked):
    found = checked({"subscriptions": _terms((100, "CHF"), (200, "CHF"))})
    assert [row["arr"] for row in found.rows("subscriptions")] == [200.0, 100.0]
    assert found.report.reporting_currency == "CHF"


def test_mixed_currencies_are_converted_to_the_reporting_one(checked):
    found = checked({"subscriptions": _terms((100, "USD"), (200, "EUR"))}, exchange_rates=RATES)
    assert {row["subscription_id"]: (row["arr"], row["currency"]) for row in found.rows("subscriptions")} == {
        "S0": (100.0, "USD"),
        "S1": (200 * 1.1, "USD"),
    }
    assert found.finding("in EUR: converted to USD") == 1


def test_the_reporting_currency_can_be_set(checked):
    found = checked({"subscriptions": _terms((110, "USD"), (200, "EUR"))}, exchange_rates=RATES, reporting_currency="EUR")
    amounts = {row["subscription_id"]: row["arr"] for row in found.rows("subscriptions")}
    assert abs(amounts["S0"] - 100) < 1e-9
    assert amounts["S1"] == 200


def test_a_currency_without_a_rate_keeps_its_account_but_has_no_amount(checked):
    found = checked({"subscriptions": _terms((100, "USD"), (200, "XAU"))}, exchange_rates=RATES)
    assert {row["subscription_id"]: row["arr"] for row in found.rows("subscriptions")} == {"S0": 100.0, "S1": None}
    assert found.finding("in XAU: no amount") == 1


def test_many_later_terms_in_another_money_do_not_change_the_reporting_currency(checked):
    found = checked({"subscriptions": _terms((100, "USD"), *[(1, "EUR")] * 5)}, exchange_rates=RATES)
    assert found.report.reporting_currency == "USD"


def test_outcomes_and_invoices_are_in_the_money_of_their_account(checked):
    renewals = [
        {"account_id": "A", "renews_at": "2025-01-01", "decided_at": "2024-11-01", "outcome": "churned", "arr_before": 200}
    ]
    invoice = {"invoice_id": "I", "account_id": "A", "issued_at": "2024-02-01", "due_at": "2024-03-01", "amount": 10}
    terms = _terms((100, "USD"), (200, "EUR"))
    found = checked({"subscriptions": terms, "renewals": renewals, "invoices": [invoice]}, exchange_rates=RATES)
    assert abs(found.rows("renewals")[0]["arr_before"] - 220) < 1e-9
    assert abs(found.rows("invoices")[0]["amount"] - 11) < 1e-9


INVOICE = {"invoice_id": "I", "account_id": "A", "issued_at": "2024-01-15", "due_at": "2024-03-01", "amount": 10}


def test_a_currency_learned_later_corrects_an_earlier_amount_from_its_own_day_on(checked):
    found = checked({"subscriptions": _terms((100, "USD"), (200, "EUR")), "invoices": [INVOICE]}, exchange_rates=RATES)
    rows = [(str(row["known_at"].date()), row["superseded_at"], row["amount"]) for row in found.rows("invoices")]
    learned = datetime.fromisoformat("2024-02-01T00:00:00")
    assert sorted(rows) == [("2024-01-15", learned, 10.0), ("2024-02-01", None, 10 * 1.1)]
    table = found.report.table("invoices")
    assert (table.read, table.accepted, table.versions, table.late) == (1, 1, 0, 0)


def test_an_outcome_is_in_the_money_of_its_own_term_once_that_is_known(checked):
    rows = [
        {
            "account_id": "A",
            "subscription_id": "S3",
            "renews_at": "2025-01-01",
            "decided_at": "2024-11-01",
            "outcome": "churned",
            "arr_before": 100,
            "known_at": "2024-02-02",
        }
    ]
    terms = _terms((100, "USD"), (200, "EUR"), (100, "USD"), (300, "GBP"))
    found = checked({"subscriptions": terms, "renewals": rows}, exchange_rates=RATES | {"GBP": 1.25})
    amounts = sorted((str(row["known_at"].date()), row["arr_before"]) for row in found.rows("renewals"))
    assert amounts == [("2024-02-02", 100 * 1.1), ("2024-02-03", 125.0)]


def test_amounts_of_every_table_that_have_no_rate_are_counted(checked):
    invoices = [INVOICE, INVOICE | {"invoice_id": "J"}, INVOICE | {"invoice_id": "K", "account_id": "B"}]
    terms = _terms((100, "USD"), (200, "XAU"))
    report = checked({"subscriptions": terms, "invoices": invoices}, exchange_rates=RATES).report
    lost = [(f.table, f.count, f.of) for f in report.findings if "in XAU: no amount" in f.what]
    assert lost == [("subscriptions", 1, 2), ("invoices", 2, 3)]


def _accounts(*values):
    rows = [{"account_id": "A", "created_at": "2024-01-01"}, {"account_id": "B", "created_at": "2024-01-01"}]
    for n, value in enumerate(values):
        rows.append({"account_id": "A", "created_at": "2024-01-01", "known_at": f"2024-02-0{n + 1}", "attr_tier": value})
    return {"accounts": [{"known_at": None, "attr_tier": None} | row for row in rows]}


def test_an_attribute_of_numbers_is_a_number(checked):
    rows = checked(_accounts("1", "2.5")).rows("accounts")
    assert [row["attr_tier"] for row in rows if row["attr_tier"] is not None] in ([1.0, 2.5], [2.5, 1.0])


def test_an_attribute_of_names_is_a_text(checked):
    assert {row["attr_tier"] for row in checked(_accounts("gold", "2")).rows("accounts")} == {None, "gold", "2"}


def test_a_name_learned_later_does_not_turn_a_number_into_a_text(checked):
    found = checked(_accounts("1", "gold"))
    assert {row["attr_tier"] for row in found.rows("accounts")} == {None, 1.0}
    assert found.finding("attr_tier: no number among numbers") == 1


def test_an_attribute_can_be_declared_to_hold_names(checked):
    found = checked(_accounts("1", "2"), category_attributes=("attr_tier",))
    assert {row["attr_tier"] for row in found.rows("accounts")} == {None, "1", "2"}
