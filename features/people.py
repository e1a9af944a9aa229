"""People behind the rows: how regularly each of them comes, and whether somebody who came regularly has fallen silent."""

import ibis

from features.exact import happened

KEY = ["account_id", "as_of"]
LEADERS = ("decision_maker", "executive_sponsor")
KEY_ROLES = ("champion", *LEADERS)
WITH_THE_ACCOUNT_DAYS = 30  # who began a role so soon after the account began did not take it over
REGULAR_DAYS = 4  # on fewer days a person has no rhythm that could break
SILENT_GAPS = 3  # silent for so many of the person's own usual gaps,
SILENT_DAYS = 14  # and for longer than this: nobody writes or works every day


def acting(rows: ibis.Table, person: str) -> ibis.Table:
    """The rows in which a person of the customer did something: used the product, or wrote or called."""
    did = rows.quantity > 0 if "quantity" in rows.columns else rows.direction == "in"
    return rows.filter(did & rows[person].notnull())


def one_a_person(rows: ibis.Table, person: str) -> ibis.Table:
    """One row a person: the `first` and the `last` day on which they acted (days before as_of), and on how many `days`."""
    acted = acting(rows, person)
    found = acted.group_by([*KEY, person]).aggregate(first=acted.age.max(), last=acted.age.min(), days=acted.age.nunique())
    return found.mutate(age=found["last"])


def beside_each_row(rows: ibis.Table, person: str) -> ibis.Table:
    """The rows in which somebody acted, with the `first`, `last` and `days` of the person beside each."""
    acted = acting(rows, person)
    told = one_a_person(rows, person).select(*KEY, person, "first", "last", "days")
    return acted.join(told, [*KEY, person])


def regular(rows: ibis.Table) -> ibis.Value:
    """Whether the person acted on four days or more."""
    return rows.days >= REGULAR_DAYS


def silent(rows: ibis.Table) -> ibis.Value:
    """Whether a regular person has not acted for three of their own usual gaps, and for more than two weeks.

    The usual gap is the mean one, from the first day to the last: (first - last) / (days - 1).
    """
    gaps = rows["last"] * (rows.days - 1) >= SILENT_GAPS * (rows["first"] - rows["last"])
    return regular(rows) & gaps & (rows["last"] > SILENT_DAYS)


def there(contacts: ibis.Table) -> ibis.Value:
    """Whether the person holds the role at as_of."""
    return (contacts.age >= 1) & ~happened(contacts, contacts.ended_at)


def took_over(contacts: ibis.Table) -> ibis.Value:
    """Whether the role began more than 30 days after the account did (needs the state's `began` beside the row)."""
    return contacts.started_at.date().delta(contacts.began.date(), unit="day") > WITH_THE_ACCOUNT_DAYS


def in_role(contacts: ibis.Table, roles: tuple[str, ...]) -> ibis.Table:
    """account_id, as_of, contact_id of those who hold one of the roles at as_of, each once."""
    return contacts.filter(there(contacts) & contacts.role.isin(roles)).select(*KEY, "contact_id").distinct()
