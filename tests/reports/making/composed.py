"""Example facts as the product makes a document of them: frozen as an edition of a brand with a look, a word and pictures, then
composed by `reports.making.composing`. Nothing stands on such a paper that no brand could get."""

from dataclasses import dataclass, replace
from typing import Any

from clients.channels.models import Channel
from clients.disclosure.rules import InfoClass
from clients.items.actions import add_media
from reports.facts.canonical import data_of, digest_of
from reports.facts.shapes import Facts
from reports.looks.actions import set_look
from reports.looks.queries import look_in_force
from reports.looks.rules import Wanted
from reports.making.access import facts_of
from reports.making.composing import document_of
from reports.making.models import Annotation, Edition, Report
from reports.making.steps import spanning
from reports.rendering.blocks import Document
from reports.rendering.sealing_keys import SigningKey
from tenants.walls.scope import brand_scope
from tests.reports.kinds import examples
from tests.world import World

LOOK = Wanted("#2c7a4b", "#8a4b12", "Maison Verte, une feuille", examples.LOGO)
CHANNELS = (examples.FACEBOOK, examples.MASTODON, examples.MARKET)


@dataclass(frozen=True, slots=True)
class Composed:
    """A document, and the facts that were frozen for it."""

    document: Document
    facts: Facts


class Composer:
    """A brand that is ready for the examples: its look, the channels and the picture that they name."""

    def __init__(self, world: World, key: SigningKey, look: Wanted = LOOK) -> None:
        self.world, self.key, self.made = world, key, 0
        set_look(world.owner, wanted=look)
        picture = add_media(
            world.cm, data=examples.picture(), declared="image/jpeg", alt="x", info_class=InfoClass.SHARED
        )
        with brand_scope(world.brand):
            self.digest = picture.digest
            for pk in CHANNELS:
                Channel.objects.create(pk=pk, kind="memory", name=examples.NAMES[pk])

    def composed(self, facts: Facts, language: str) -> Composed:
        """Inside no scope: it opens the brand's."""
        frozen = self._named(facts)
        self.made += 1
        with brand_scope(self.world.brand):
            report = Report.objects.create(
                kind=frozen.kind,
                language=language,
                info_class=frozen.info_class,
                owner_side="agency",
                **spanning(frozen.period),
            )
            edition = Edition.objects.create(
                report=report,
                number=1,
                ceiling=frozen.ceiling,
                facts=data_of(frozen),
                digest=digest_of(frozen),
                info_class=frozen.info_class,
                withheld=frozen.withheld,
                code=f"{self.made:016X}",
                look=look_in_force(),
                made_at=frozen.made_at,
            )
            for said in examples.dress().annotations:
                Annotation.objects.create(
                    report=report, text=said.text, author_id=self.world.owner.somebody, author_name=said.by, at=said.at
                )
            return Composed(document_of(facts_of(edition), edition, self.key.name), frozen)

    def _named(self, facts: Facts) -> Facts:
        """The examples' picture by the name that it got when it was kept."""

        def cells(values: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(self.digest if value == examples.DIGEST else value for value in values)

        return replace(
            facts,
            sections=tuple(
                replace(
                    section,
                    listings=tuple(
                        replace(one, rows=tuple(replace(row, cells=cells(row.cells)) for row in one.rows))
                        for one in section.listings
                    ),
                )
                for section in facts.sections
            ),
        )
