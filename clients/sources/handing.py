"""Handing what was found to the mentions. The one place where a source and they meet."""

from collections.abc import Sequence
from typing import NamedTuple

from clients.disclosure.rules import InfoClass
from clients.mentions.actions import take_in
from clients.mentions.normal import once
from clients.mentions.raw import RawMention
from clients.people.actor import Actor
from clients.sources.models import Source
from clients.sources.registry import kind_of
from clients.triage.actions import go_on
from tenants.walls.scope import BrandRef


class Taken(NamedTuple):
    """How many were new, known already, and not about anything that the brand watches."""

    new: int = 0
    known: int = 0
    unmatched: int = 0


def hand_over(brand: BrandRef, source: Source, raws: Sequence[RawMention], by: Actor | None = None) -> Taken:
    """Outside any transaction. Safe to repeat: what is known is known. Whoever may see a source may see what comes from it.

    `by`: the person who brings it, whose right the caller has asked for.
    """

    if not raws:
        return Taken()
    kept = kind_of(source.kind).keeps(source.settings)
    done = take_in(
        brand,
        source.pk,
        medium_of(source),
        raws,
        all_kept=kept,
        source_name=source.name,
        info_class=InfoClass(source.info_class),
        owner_side=source.owner_side,
        by=by,
    )
    if done.new:
        go_on(brand, source=source.pk, said=once(raws))
    return Taken(done.new, done.known, done.unmatched)


def medium_of(source: Source) -> str:
    """What kind of place it was said in: a clipping is the press, whoever brought it."""
    return "feed" if source.kind == "hand" and source.settings.get("what") == "press" else source.kind
