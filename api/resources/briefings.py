"""The briefing, section by section: each has a class of its own, so each is a row of its own."""

from typing import Any

from api.inputs import Anything, Choice, Flag, Id, Moment, Whole
from api.resource import ID, Field, Filter, Resource, Rows
from api.resources.filtering import NUMBER, WORDS, equal
from clients.briefings.access import section_rows, with_words, words_in
from clients.briefings.queries import briefing_in_force
from clients.briefings.rules import Section


def _in_force(rows: Rows, wanted: Any) -> Rows:
    newest = briefing_in_force()
    return rows.filter(version=newest) if wanted else rows.exclude(version=newest)


RESOURCES = (
    Resource(
        name="briefings",
        kind="briefings.briefingsection",
        missing="section",
        rows=section_rows,
        annotated=with_words,
        order=("-version__number", "id"),
        class_column="info_class",
        fields=(
            ID,
            Field("version", NUMBER, ("version__number",), always=True),
            Field("version_id", Id()),
            Field("section", Choice(Section)),
            Field(
                "text",
                Anything({"type": ["string", "array"], "items": {"type": "object"}}),
                ("section", "words", "former"),
                words_in,
                about="A text, or lines with named columns where the section has lines. A line of `goals` names a `figure` by "
                "the key that it has in `/figures`, whether it is to be `at_least` or `at_most` its `value`, a whole number in "
                "the unit of the figure, `per` week or month, and `since` which day.",
            ),
            Field("digest", WORDS, ("version__digest",), about="Of the whole version."),
            Field("agreed_at", Moment(), ("version__agreed_by_brand_at",)),
        ),
        filters=(
            Filter("in_force", Flag(), _in_force, "The version in force, or those before it.", of=("version",)),
            equal("version", Whole(1, 2_000_000_000), "version__number"),
            equal("section", Choice(Section)),
        ),
        about="How to speak and what to watch: the sections that the key may read, of every version.",
    ),
)
