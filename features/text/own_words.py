"""Which parts of a text its author wrote: without quoted replies, signatures and, in a customer's text, our agents' turns."""

import re
from collections.abc import Iterator

Interval = tuple[int, int]

QUOTE_INTRO = re.compile(
    r"^[ \t]*(?:"
    r"on\b.{4,200}\bwrote:"
    r"|(?:el|en)\b.{4,200}\b(?:escribi[oó]|escribe|wrote):"
    r"|.{0,80}<[^<>\s]+@[^<>\s]+>\s*(?:wrote|escribi[oó]):"
    r"|[-_ ]{2,}\s*(?:original message|forwarded message|mensaje original|mensaje reenviado|begin forwarded message).*"
    r"|begin forwarded message:|inicio del mensaje reenviado:"
    r"|_{10,}"
    r"|\*?(?:from|de):\*?[ \t].{1,200}\n[ \t]*\*?(?:sent|date|to|subject|enviado|fecha|para|asunto)( el)?:.*"
    r")[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
SPLIT_INTRO = re.compile(
    r"^[ \t]*(?:on|el)\b[^\n]{4,120}\n[^\n]{0,80}\b(?:wrote|escribi[oó]):[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;|\|[ \t]).*$", re.MULTILINE)
SIGN_OFF = re.compile(
    r"^[ \t]*(?:--|—|(?:(?:with )?(?:many |kind |best |warm |warmest |my best )?(?:regards|wishes)|best|cheers"
    r"|sincerely(?: yours)?|yours(?: sincerely| truly| faithfully)?"
    r"|(?:un |muchos )?(?:cordial |atento |atentos |muy cordiales )?saludos?(?: cordial(?:es)?| atentos?)?"
    r"|atentamente|un abrazo|abrazos|cordialmente|(?:many )?thanks|thank you|thanks and regards"
    r"|(?:muchas )?gracias(?: y (?:un )?saludos?)?)[ ,.!]*)[ \t]*\r?$"
    r"|^[ \t]*(?:sent from my|get outlook for|enviado desde mi|obtener outlook)\b.*$",
    re.IGNORECASE | re.MULTILINE,
)
POSTSCRIPT = re.compile(r"^[ \t]*(?:p\.? ?s\b|p\.? ?d\b|post ?data)[.:, ]", re.IGNORECASE | re.MULTILINE)
OURS = (
    r"agent|agente|support|soporte|csm|support agent|support team|equipo de soporte|rep|assistant|asistente|bot|operador|operator"
)
THEIRS = r"customer|cliente|client|user|usuario|usuaria|requester|solicitante|visitor|visitante|me|yo"
TURN = re.compile(
    rf"^[ \t]*(?:\[?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: ?[ap]m)?\]?[ -]*)?(?:(?P<ours>(?:{OURS})\b(?! notes?\b)[^:\n]{{0,30}})"
    rf"|(?P<theirs>(?:{THEIRS})\b[^:\n]{{0,30}}|[A-ZÁÉÍÓÚÑ][\w.'-]*(?: [A-ZÁÉÍÓÚÑ][\w.'-]*){{0,2}}(?: \([^)\n]{{1,40}}\))?)):"
    rf"|(?<=[ \t.!?])(?:(?P<ours_inline>{OURS})|(?P<theirs_inline>{THEIRS})):[ \t]",
    re.MULTILINE | re.IGNORECASE,
)
NOTE_HEADING = re.compile(r"^[ \t]*(?:(?:[\w/]+ ){0,2}notes?|notas?(?: [\w/]+){0,3})[ \t]*:", re.IGNORECASE | re.MULTILINE)
SIGNATURE_LINES = 12


def own_words(text: str, *, agent_turns: bool) -> list[Interval]:
    """Intervals of `text` that its author wrote, in order; none for a text that is all quotation.

    The heading of a note ("CSM note:") falls out: the note tells of the customer, where a turn of a chat is ours.

    `agent_turns` keeps what our agents say in it (our own notes); otherwise their turns of a pasted chat fall out.
    """
    end = min((m.start() for m in (QUOTE_INTRO.search(text), SPLIT_INTRO.search(text)) if m), default=len(text))
    dropped = [m.span() for m in QUOTED_LINE.finditer(text, 0, end)]
    dropped += [m.span() for m in NOTE_HEADING.finditer(text, 0, end)]
    dropped += _signatures(text, end)
    if not agent_turns:
        dropped += _agent_turns(text, end)
    return list(_rest(sorted(dropped), end))


def _signatures(text: str, end: int) -> Iterator[Interval]:
    """From a sign-off line to the end or a postscript, when what follows is short enough to be a signature."""
    for found in SIGN_OFF.finditer(text, 0, end):
        after = POSTSCRIPT.search(text, found.end(), end)
        until = after.start() if after else end
        lines = [line for line in text[found.end() : until].splitlines() if line.strip()]
        if text[: found.start()].strip() and len(lines) <= SIGNATURE_LINES and all(len(line) < 90 for line in lines[:2]):
            yield found.start(), until
            return


def _agent_turns(text: str, end: int) -> Iterator[Interval]:
    """Turns labelled as ours, up to the next label. Labels inside a line count only where the text also has the other side's."""
    turns = list(TURN.finditer(text, 0, end))
    ours = [turn for turn in turns if turn["ours"] or turn["ours_inline"]]
    if not ours:
        return
    dialogue = any(turn["theirs_inline"] or turn["theirs"] for turn in turns)
    for number, turn in enumerate(turns):
        if turn["ours"] or (turn["ours_inline"] and dialogue):
            yield turn.start(), turns[number + 1].start() if number + 1 < len(turns) else end


def _rest(dropped: list[Interval], end: int) -> Iterator[Interval]:
    """What is left of `[0, end)`."""
    start = 0
    for drop_start, drop_end in dropped:
        if drop_start > start:
            yield start, drop_start
        start = max(start, drop_end)
    if start < end:
        yield start, end
