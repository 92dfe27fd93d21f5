"""One page with something of everything that a look touches, in figures that are nobody's: to see a look before it is kept."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.kinds.composing import words_of
from reports.rendering.blocks import (
    Block,
    Chart,
    Column,
    Document,
    Head,
    Heading,
    Linked,
    Note,
    Paragraph,
    Strand,
    Table,
    Tile,
    Tiles,
)
from reports.rendering.look import Look
from reports.rendering.typography import Language, day, number, set_text

VALUES = ((12, 18, 15, 22, 19, 9, 4), (8, 9, 14, 12, 16, 5, 3))


def example_page(look: Look, language: Language, made_at: datetime) -> Document:
    """The page, in the given look. It says of itself that its figures are no one's."""
    with override(language):
        made = day(made_at.date(), language)
        return Document(
            language=language,
            head=example_head(made),
            blocks=_blocks(language),
            made_at=made_at,
            author=look.name,
            footer=f"{look.name} · {_('Example')} · {made}",
            look=look,
            words=words_of(language),
        )


def example_head(made: str) -> Head:
    """What such a page begins with, in the language in force."""
    return Head(_("Example"), _("How our reports look"), _("No figure on this page is real."), ((_("Made"), made),))


def _blocks(language: Language) -> tuple[Block, ...]:
    labels = tuple(str(n) for n in range(1, len(VALUES[0]) + 1))
    strands = tuple(
        Strand(name, values, tuple(number(value, language) for value in values))
        for name, values in zip((_("This period"), _("The period before")), VALUES, strict=True)
    )
    return (
        Paragraph(_("A lead says in a sentence what matters."), "lead"),
        Heading(_("Figures")),
        Tiles(
            (
                Tile(_("Published"), "12", "+3", "up", good=True),
                Tile(_("Answers within the promise"), set_text("94 %", language), "+2", "up", good=True),
                Tile(_("Goal"), "48", goal=set_text(_("Goal: 60"), language), reached=0.8),
            )
        ),
        Chart(
            "bars",
            _("Day by day"),
            _("The third and the fourth day were the fullest."),
            labels,
            strands,
            first=_("Day"),
        ),
        Note(
            _("A word of the brand stands like this."),
            _("A word of the brand"),
            "annotation",
            _("Somebody of the brand"),
        ),
        Heading(_("A list")),
        Table(
            "example",
            _("Rows"),
            (Column(_("What"), weight=4), Column(_("How many"), numeric=True)),
            ((Linked(_("A line that leads somewhere"), "https://example.org/"), "7"), (_("A line"), "3")),
        ),
    )
