"""What `tenure learn` found, as a person reads it."""

from serving.learning.learned import Estimate, Learned, PlayEffect


def learned_text(learned: Learned) -> str:
    """The effects, the save programme and the portfolio in a few lines."""
    days = learned.window_days
    known = learned.assignments - learned.not_over - learned.unfit
    counted = (
        f"{learned.assignments:,} assignments to plays known before {learned.until}: the outcome within {days} days is known of "
        f"{known:,}, not yet of {learned.not_over:,}; {learned.unfit:,} are of accounts that were no customers then"
    )
    what = f"change of the share that leaves within {days} days, in points [90 % interval], treated less held out"
    lines = [counted, f"{what}, steadied by the {learned.adjusted_by}:", *(_effect(each) for each in learned.effects)]
    if not learned.effects:
        lines[1:] = ["no effect can be measured: no assignment has a known outcome yet"]
    return "\n".join([*lines, *_programme(learned), *_portfolio(learned)])


def _effect(each: PlayEffect) -> str:
    counts = f"{each.treated:,} treated, {each.holdout:,} held out"
    if each.effect is None:
        return f"  {each.play}: too few accounts to say ({counts})"
    told = f"  {each.play}: {_points(each.effect)} ({counts})"
    if each.naive is None:
        return told
    return f"{told}; treated against untreated would say {each.naive.difference * 100:+.1f}, wrong by {_points(each.naive.bias)}"


def _points(estimate: Estimate) -> str:
    return f"{estimate.mean * 100:+.1f} [{estimate.low * 100:+.1f}, {estimate.high * 100:+.1f}]"


def _programme(learned: Learned) -> list[str]:
    whole = next((each for each in learned.programme if each.by == "all"), None)
    if whole is None:
        return []
    parts = [
        f"attempted {_percent(whole.attempt_rate)} of {whole.assigned:,} assigned",
        f"saved {_percent(whole.success_rate)} of {whole.finished:,} finished",
        f"{_times(whole.roi)} the cost of the hours saved, {_times(whole.credited_roi)} by the measured effects",
        f"still there after the next renewal {_percent(whole.retained_rate)} of {whole.renewals_seen:,}",
    ]
    if whole.days_to_save is not None:
        parts.append(f"{whole.days_to_save:.0f} days to a save")
    return [f"save programme: {'; '.join(parts)}"]


def _portfolio(learned: Learned) -> list[str]:
    found = learned.portfolio
    kept = f"NRR {_percent(found.nrr)}, GRR {_percent(found.grr)}, {_percent(found.logo_churn)} of the accounts left"
    lines = [f"portfolio {found.since} to {found.until}: {kept}; {found.accounts:,} accounts, ARR {found.arr:,.0f}"]
    if found.scored_on is not None:
        ahead = ", ".join(f"{each.quarter} {each.arr_at_risk:,.0f} of {each.arr:,.0f}" for each in found.at_risk)
        lines.append(f"ARR at risk by renewal quarter, scored on {found.scored_on}: {ahead}")
    return lines


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.0%}"


def _times(ratio: float | None) -> str:
    return "unknown times" if ratio is None else f"{ratio:.1f} times"
