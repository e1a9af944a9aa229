"""The list of accounts in one language, before it becomes HTML."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from serving.store.filters import Filters
from serving.store.records import BANDS, Listed, Queue
from serving.web import numerals
from serving.web.driver_part import family_title
from serving.web.guide import Guide
from serving.web.headline import days_from
from serving.web.words import Words

RENEWAL_CHOICES = (30, 60, 90, 180)
Choice = tuple[str, str, bool]  # value, name, whether it is chosen


@dataclass(frozen=True)
class ListedLine:
    """One account as it is shown."""

    address: str
    name: str
    below: str
    likely: str | None
    band: str
    band_name: str
    arr: str
    arr_at_risk: str
    renewal: str
    renewal_in: str
    why: str
    play: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class ListPage:
    """The list. `tiles` are label, number and note; `bands` are band, name, count and share of the accounts shown in it."""

    as_of: str
    stale: str | None
    tiles: tuple[tuple[str, str, str], ...]
    bands: tuple[tuple[str, str, int], ...]
    probability_title: str
    lines: tuple[ListedLine, ...]
    shown: str
    previous: str | None
    next: str | None
    choices: dict[str, tuple[Choice, ...]]
    search: str
    filtered: bool


def list_page(queue: Queue, filters: Filters, guide: Guide, words: Words, *, page_rows: int, age_days: int) -> ListPage:
    """Compose the list; `age_days` is how old the scores are today."""
    totals, first = queue.totals, (queue.page - 1) * page_rows
    stale = age_days > guide.params.stale_after_days
    return ListPage(
        as_of=words.say("page.as_of", date=numerals.short_date(queue.as_of, words.language)),
        stale=words.say("list.stale", days=numerals.number(age_days, words.language)) if stale else None,
        tiles=_tiles(queue, guide, words),
        bands=tuple((band, words.say(f"bands.{band}"), totals.by_band[band]) for band in BANDS if totals.by_band.get(band)),
        probability_title=words.say("list.probability", days=queue.horizon_days),
        lines=tuple(_line(row, queue, guide, words) for row in queue.rows),
        shown=words.say(
            "list.shown",
            first=numerals.number(first + 1, words.language),
            last=numerals.number(first + len(queue.rows), words.language),
            count=numerals.number(totals.accounts, words.language),
        ),
        previous=_page_address(filters, queue.page - 1) if queue.page > 1 else None,
        next=_page_address(filters, queue.page + 1) if queue.page < queue.pages else None,
        choices=_choices(queue, filters, guide, words),
        search=filters.search or "",
        filtered=filters != Filters(),
    )


def account_address(account_id: str) -> str:
    """The path of the account's page."""
    return f"/accounts/{quote(account_id, safe='')}"


def _line(row: Listed, queue: Queue, guide: Guide, words: Words) -> ListedLine:
    currency = guide.params.currency
    tags = (
        words.say("list.strategic") if row.strategic else None,
        words.say("list.held_out") if row.arm == "holdout" else None,
    )
    drivers = [family_title(name, words) for name in row.named]
    play = None if row.arm == "holdout" else guide.play_name(row.playbook, words)
    return ListedLine(
        address=account_address(row.account_id),
        name=row.name,
        below=" · ".join(part for part in (row.csm, row.industry) if part),
        likely=None if row.probability is None else numerals.percent(row.probability, words.language),
        band=row.risk_band or "none",
        band_name=words.say(f"bands.{row.risk_band or 'none'}"),
        arr=numerals.UNKNOWN if row.arr is None else numerals.money(row.arr, currency, words.language),
        arr_at_risk=numerals.UNKNOWN if row.arr_at_risk is None else numerals.money(row.arr_at_risk, currency, words.language),
        renewal=numerals.UNKNOWN if row.renews_at is None else numerals.short_date(row.renews_at, words.language),
        renewal_in="" if row.renews_at is None else days_from(queue.as_of, row.renews_at, words),
        why=" · ".join(drivers) or numerals.UNKNOWN,
        play=play or words.say("list.no_play"),
        tags=tuple(tag for tag in tags if tag),
    )


def _tiles(queue: Queue, guide: Guide, words: Words) -> tuple[tuple[str, str, str], ...]:
    totals, currency, language = queue.totals, guide.params.currency, words.language
    unscored = totals.accounts - totals.scored
    urgent = totals.by_band.get("critical", 0) + totals.by_band.get("high", 0)
    note = words.say("list.total_unscored", count=numerals.number(unscored, language)) if unscored else ""
    return (
        (words.say("list.total_accounts"), numerals.number(totals.accounts, language), note),
        (words.say("list.total_urgent"), numerals.number(urgent, language), ""),
        (words.say("list.total_arr"), numerals.money(totals.arr, currency, language), ""),
        (
            words.say("list.total_risk"),
            numerals.money(totals.arr_at_risk, currency, language),
            words.say("list.total_risk_note", days=queue.horizon_days),
        ),
    )


def _choices(queue: Queue, filters: Filters, guide: Guide, words: Words) -> dict[str, tuple[Choice, ...]]:
    days = sorted({*RENEWAL_CHOICES, *([filters.renews_within_days] if filters.renews_within_days is not None else [])})
    return {
        "csm": tuple((name, name, name == filters.csm) for name in queue.csms),
        "band": tuple((band, words.say(f"bands.{band}"), band == filters.band) for band in BANDS),
        "renews_within_days": tuple(
            (str(day), words.say("list.renewal_within", days=day), day == filters.renews_within_days) for day in days
        ),
        "playbook": tuple((name, guide.play_name(name, words) or name, name == filters.playbook) for name in queue.playbooks),
    }


def _page_address(filters: Filters, page: int) -> str:
    return "/?" + urlencode({**filters.model_dump(exclude_none=True), "page": page})
