"""Budget signals, case by case."""

import pytest

from tests.spec.cases import ago, case, edge, empty, row


def invoice(age=None, due=60, paid=None, **columns):
    return row("invoices", age, due_at=ago(due), paid_at=None if paid is None else ago(paid), **columns)


def paid_ahead(age=None):
    """Paid three days after it was due, and known to be, whenever it was issued."""
    return invoice(age, due=9, paid=6, paid_at_known_at=ago(900))


def paid_late(age=None):
    """Paid four days after it was due, and known to be, whenever it was issued."""
    return invoice(age, due=9, paid=5, paid_at_known_at=ago(900))


def outcome(kind="contracted", age=None, **columns):
    decided = {} if age is None else {"decided_at": ago(age)}
    return row("renewals", renews_at=ago(-165), outcome=kind, **decided, **columns)


PAID = [invoice(20, due=9, paid=7), invoice(200, due=150, paid=150)]

CASES = (
    *edge("budget_hits_90d", row("texts", budget=0.5), 90, inside=1, outside=0),
    empty("budget_hits_90d", 0),
    *edge("late_invoices_180d", invoice(due=1), 180, inside=1, outside=0),
    empty("late_invoices_180d", 0),
    case("late_invoices_180d", "paid 5 days late", [invoice(90, due=60, paid=55)], 0),
    case("late_invoices_180d", "paid 6 days late", [invoice(90, due=60, paid=54)], 1),
    case("late_invoices_180d", "unpaid since yesterday", [invoice(90, due=1)], 1),
    case("late_invoices_180d", "due on as_of", [invoice(90, due=0)], 0),
    case("late_invoices_180d", "paid after as_of", [invoice(90, due=2, paid=-5)], 1),
    *edge("overdue_amount", invoice(due=1), 365, inside=100, outside=0),
    empty("overdue_amount", 0),
    case("overdue_amount", "of two", [invoice(90), invoice(91, amount=20.25), invoice(92, paid=50)], 120.25),
    case("overdue_amount", "one without an amount we can tell", [invoice(90), invoice(91, amount=2e15)], None),
    case("overdue_amount", "paid without an amount we can tell", [invoice(90), invoice(91, amount=2e15, paid=50)], 100),
    *edge("payment_delay_days_365d", paid_ahead(), 365, inside=3, outside=None),
    empty("payment_delay_days_365d", None),
    case("payment_delay_days_365d", "one early, one late", [invoice(90, paid=70), invoice(91, paid=40)], 5),
    case("payment_delay_days_365d", "unpaid", [invoice(90)], None),
    *edge("payment_delay_change_180d", paid_late(), 180, inside=3, older=0, outside=2, beside=PAID),
    *edge("payment_delay_change_180d", paid_late(), 365, inside=0, newest=3, outside=2, beside=PAID),
    empty("payment_delay_change_180d", None),
    case("payment_delay_change_180d", "none before", PAID[:1], None),
    case("payment_delay_change_180d", "customer for 269 days", PAID, None, began_days=269),
    empty("discount_share", None),
    case("discount_share", "a quarter off", [], 0.25, term={"list_arr": 16000}),
    case("discount_share", "no list price", [], None, term={"list_arr": 0}),
    *edge("downgrade_notice_365d", row("notices", kind="downgrade"), 365, inside=1, outside=0),
    empty("downgrade_notice_365d", 0),
    case("downgrade_notice_365d", "withdrawn", [row("notices", 90, kind="downgrade", withdrawn_at=ago(3))], 0),
    case("downgrade_notice_365d", "a cancellation", [row("notices", 90)], 0),
    *edge("contractions_730d", outcome(), 730, inside=1, outside=0),
    empty("contractions_730d", 0),
    case("contractions_730d", "renewed as it was", [outcome("renewed", 90)], 0),
    case("contractions_730d", "decided after as_of", [outcome(age=-9)], 0),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_budget(case, values):
    assert values[case] == pytest.approx(case.value)
