"""The report in a few lines: the first paragraph of the document and the body of the letter, as text and as HTML."""

from dataclasses import dataclass

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.facts.shapes import Facts, Figure
from reports.kinds.listing import withheld_text
from reports.kinds.values import told
from reports.kinds.words import FIGURES, KINDS, word
from reports.rendering.typography import Language, moment, set_text, span

FIRST = (
    *("acts.done", "mentions.found", "members.active", "field.ratio", "promises.kept", "promises.broken", "words.veto"),
    *("holds.placed", "insights.told", "coming.items", "press.pieces", "log.lines", "acts.unsent"),
)
MOST, MOST_SENTENCES = 8, 3
_STYLE = "margin:0 0 4px;padding:0 16px 4px 0;text-align:left;vertical-align:top"


@dataclass(frozen=True, slots=True)
class Summary:
    """`subject` for the letter, `text` and `html` for its body; neither holds an address."""

    subject: str
    text: str
    html: str


def opening(facts: Facts, language: Language) -> str:
    """One sentence for each of the first three figures that have anything to say; '' where what there is stands elsewhere.

    A 0 after a 0 says nothing. Quiet is a period in which no section has anything, and nothing was left out.
    """
    known = [one for one in _first(facts) if one.value is not None]
    found = [one for one in known if one.value or one.before or one.goal is not None][:MOST_SENTENCES]
    if not found:
        is_quiet = bool(known) and all(section.is_empty for section in facts.sections)
        return set_text(_("A quiet period: nothing to count."), language) if is_quiet else ""
    pieces = [f"{word(FIGURES, one.code)}: {_line(one, language, goal=False)}" for one in found]
    return set_text(". ".join(pieces) + ".", language)


def so_far(facts: Facts, language: Language) -> str:
    """Of a period that still runs: up to when it is told, and what it is compared with; '' of one that is over."""
    if facts.period.stops is None:
        return ""
    told = {"at": moment(facts.period.stops, language, facts.brand.time_zone)}
    if facts.is_first:
        return set_text(_("This period still runs: figures until %(at)s.") % told, language)
    words = _("This period still runs: figures until %(at)s, compared with the same stretch of the period before.")
    return set_text(words % told, language)


def summary_of(facts: Facts, language: Language) -> Summary:
    """What a letter says of a report before anybody opens it."""
    with override(language):
        label = str(KINDS.get(facts.kind, KINDS["custom"])[0])
        when = span(facts.period.start, facts.period.end, language)
        lines = [(word(FIGURES, one.code), _line(one, language)) for one in _first(facts)[:MOST]]
        left = withheld_text(facts.withheld, language) if facts.withheld else ""
        running = so_far(facts, language)
        intro = _("%(kind)s of %(brand)s, %(period)s") % {"kind": label, "brand": facts.brand.name, "period": when}
    between = "\u00a0: " if language == "fr" else ": "
    head = [intro, *([running] if running else [])]
    text = "\n".join([*head, "", *(f"{name}{between}{value}" for name, value in lines), *(["", left] if left else [])])
    rows = "".join(
        f'<tr><th style="{_STYLE};font-weight:400">{escape(name)}</th>'
        f'<td style="{_STYLE};font-weight:600">{escape(value)}</td></tr>'
        for name, value in lines
    )
    below = f"<p>{escape(left)}</p>" if left else ""
    above = "".join(f"<p>{escape(one)}</p>" for one in head)
    return Summary(intro, text, f"{above}<table>{rows}</table>{below}")


def _first(facts: Facts) -> list[Figure]:
    """The whole figures that are told first, in a fixed order."""
    whole = {one.code: one for _, one in facts.figures() if not one.dimensions}
    return [whole[code] for code in FIRST if code in whole]


def _line(figure: Figure, language: Language, *, goal: bool = True) -> str:
    words = told(figure, language)
    aims = (words.goal, words.reached) if goal else ()
    more = ", ".join(one for one in (words.change, *aims) if one)
    return f"{words.value}, {more}" if more else words.value
