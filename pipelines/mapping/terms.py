"""Terms that say their money by the month, and terms without an id of their own."""

from pipelines.mapping.columns import shown
from pipelines.mapping.habits import Habits
from pipelines.mapping.matching import Fit
from pipelines.mapping.names import nearest
from pipelines.mapping.proposal import Suggestion, says_open
from pipelines.mapping.vocabulary import vocabulary
from pipelines.params import MappingParams
from pipelines.sources.mapping_cell import OPEN

_SIGNS = {"€": "EUR", "£": "GBP"}  # signs that are of one currency alone


def yearly_money(fit: Fit, params: MappingParams, ways: Habits) -> Suggestion | None:
    """`arr` from a column of monthly money; None without one."""
    rated = [(nearest(look.words, vocabulary().monthly), look.name, look) for look in fit.file.columns if look.numbers]
    likeness, name, look = max(rated, key=lambda each: each[:2], default=(0.0, "", None))
    if look is None or likeness < params.sure:
        return None
    said, remarks = shown(look, fit.table.column("arr"), fit.table, ways)
    keys = {"column": said} if isinstance(said, str) else dict(said)
    why = "; ".join([f"{likeness:.2f} {name} by name is money a month, twelve make a year", *remarks])
    whole = {**keys, "times": 12}
    return Suggestion("arr", whole, why, "open" if says_open(whole) else "sure")


def currency(fit: Fit, columns: list[Suggestion]) -> Suggestion | None:
    """The currency that stands beside the amounts; None when a column says it, or nothing stands there."""
    used = {each.said.get("column") for each in columns if each.name in ("arr", "list_arr") and not isinstance(each.said, str)}
    signs = sorted({sign for look in fit.file.columns if look.name in used for sign in look.signs})
    if not signs or any(each.name == "currency" and each.state == "sure" for each in columns):
        return None
    listed = ", ".join(signs)
    if len(signs) > 1:
        return Suggestion(
            "currency", {"value": OPEN}, f"DECIDE: several stand beside the amounts ({listed}); see expression", "open"
        )
    code = _SIGNS.get(signs[0], signs[0])
    if code == "$":
        return Suggestion(
            "currency", {"value": "USD"}, "$ stands beside the amounts: it may be another dollar or a peso", "offered"
        )
    return Suggestion("currency", {"value": code}, f"{listed} stands beside the amounts", "sure")


def term_key(fit: Fit, params: MappingParams, _ways: Habits) -> Suggestion | None:
    """How a term without an id could be told apart, for a person to take; None when account or start are not clear."""
    if not (fit.is_sure("account_id", params.sure) and fit.is_sure("started_at", params.sure)):
        return None
    account, start = (fit.chosen[name].column for name in ("account_id", "started_at"))
    made = f'{{expression: "concat_ws(\'/\', \\"{account}\\", \\"{start}\\")"}}'
    return Suggestion(
        "subscription_id", OPEN, f"required, and no column is like it; if an account has one term at a time: {made}", "open"
    )
