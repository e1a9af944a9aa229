"""What a table's model cannot do, and what had to fail."""

from serving.table_card.facts import TableFacts
from serving.table_card.words import TableWords
from serving.web.card_cells import number, plain


def limits(facts: TableFacts, words: TableWords) -> tuple[str, ...]:
    """The known limits, what weighs on this very model first."""
    say, lines = words.say, []
    if facts.kind == "anchor":
        lines.append(say("card.limit_anchor"))
    if facts.metrics and facts.tested_churned < facts.few_churned:
        lines.append(say("card.limit_few", churned=facts.few_churned))
    if facts.time is None:
        lines.append(say("table_card.limit_dealt"))
    if facts.group is None:
        lines.append(say("table_card.limit_single"))
    always = ("table_card.limit_known", "table_card.limit_when", "card.limit_cause", "card.limit_plays", "card.limit_drift")
    told = (sentence(words.pick(each)) for each in facts.training_notes)
    return (*lines, *told, *(say(key) for key in always))


def sentence(note: str) -> str:
    """A note with a capital and a full stop."""
    return f"{note[:1].upper()}{note[1:]}."


def controls(facts: TableFacts, words: TableWords) -> tuple[str, ...]:
    """The negative controls that could be measured."""
    found, lines = facts.controls, []
    if found.permuted.value is not None:
        said = {name: plain(value, words) for name, value in vars(found.permuted).items()}
        lines.append(words.say("card.control_permuted", **said))
    if found.random_auc is not None and found.honest_auc is not None:
        apart = "random_grouped" if facts.time is None else "random_forward"
        lines.append(
            words.say(
                f"table_card.{apart if found.random_auc > found.honest_auc else 'random_no_more'}",
                random=plain(found.random_auc, words),
                honest=plain(found.honest_auc, words),
                random_precision=plain(found.random_average_precision, words),
                honest_precision=plain(found.honest_average_precision, words),
                rows=number(found.rows, words),
            )
        )
    return tuple(lines) or (words.say("card.control_none"),)
