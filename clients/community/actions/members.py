"""Writing about a member, saying who may read it and whether reports may name them, and holding it back from erasure."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.community.access import access_member
from clients.community.models import Member, MemberHandle
from clients.community.rules import LONGEST, About, Consent, checked, checked_naming
from clients.disclosure.rules import InfoClass, default_class
from clients.disclosure.steps import people_named, reclassify
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable

NAMING = ("naming_consent", "naming_at", "naming_by", "naming_by_name", "naming_how")


def add_member(actor: Actor, *, about: About, info_class: InfoClass | None = None) -> Member:
    """Write a member down. Without `info_class` it has that of its side: what the brand writes stays with the brand.

    Raises Refused('not_allowed') and what `rules.checked` does.
    """
    require(actor, Verb.MEMBER_WRITE)
    clean = checked(about)
    with durable(actor.brand):
        member = Member(
            created_by=actor.somebody,
            owner_side=str(actor.side),
            info_class=info_class or default_class(actor.side),
        )
        _write(member, clean)
        record(actor, "member.added", member, info_class=str(member.info_class))
    return member


def change_member(actor: Actor, *, member_id: UUID, about: About) -> Member:
    """Write a member anew. Raises Missing('member'), Refused('not_allowed') and what `rules.checked` does."""
    require(actor, Verb.MEMBER_WRITE)
    clean = checked(about)
    with durable(actor.brand):
        member = access_member(actor, member_id, lock=True)
        _write(member, clean)
        record(actor, "member.changed", member)
    return member


def classify_member(
    actor: Actor, *, member_id: UUID, info_class: InfoClass, named: Collection[UUID] = (), reason: str = ""
) -> Member:
    """Change who may read a member.

    Raises Missing('member' | 'person'), Refused('not_allowed' | 'wrong_side'), Invalid('reason_missing', 'reason').
    """
    with durable(actor.brand):
        member = access_member(actor, member_id, lock=True)
        reclassify(actor, member, to=info_class, named=people_named(named), reason=reason)
    return member


def hold_member(actor: Actor, *, member_id: UUID, because: str) -> Member:
    """Keep a member from being erased: the law, or a dispute, wants the data kept.

    Raises Refused('not_allowed'), Missing('member'), Invalid('because_missing' | 'too_long', 'because').
    """
    require(actor, Verb.MEMBER_ERASE)
    words = because.strip()
    if not words:
        raise Invalid("because_missing", "because")
    if len(words) > LONGEST["reason"]:
        raise Invalid("too_long", "because", most=LONGEST["reason"])
    with durable(actor.brand):
        member = access_member(actor, member_id, lock=True)
        member.held_because, member.held_since = words, timezone.now()
        member.save(update_fields=("held_because", "held_since"))
        record(actor, "member.held", member)
    return member


def release_member(actor: Actor, *, member_id: UUID) -> Member:
    """The member may be erased again. Raises Refused('not_allowed'), Missing('member'), Conflict('not_held')."""
    require(actor, Verb.MEMBER_ERASE)
    with durable(actor.brand):
        member = access_member(actor, member_id, lock=True)
        if not member.held_because:
            raise Conflict("not_held")
        member.held_because, member.held_since = "", None
        member.save(update_fields=("held_because", "held_since"))
        record(actor, "member.released", member)
    return member


def note_naming(actor: Actor, *, member_id: UUID, consent: str, how: str = "") -> Member:
    """Note that a member agrees to be named in reports, and how they said so, or that they took it back.

    Whoever may write about members may note either, at once and on both sides: reports that are made from now on follow it.
    Raises Refused('not_allowed'), Missing('member'), Conflict('being_erased') and what `rules.checked_naming` does.
    """
    require(actor, Verb.MEMBER_WRITE)
    with durable(actor.brand):
        member = access_member(actor, member_id, lock=True)
        member.naming_consent, member.naming_how = checked_naming(consent, how, stands=member.naming_consent)
        member.naming_at, member.naming_by, member.naming_by_name = timezone.now(), actor.somebody, actor.name
        member.save(update_fields=NAMING)
        private = {"how": member.naming_how} if member.naming_how else None
        if member.naming_consent == Consent.GIVEN:
            record(actor, "member.naming_given", member, private=private)
        else:
            record(actor, "member.naming_withdrawn", member, private=private)
    return member


def _write(member: Member, about: About) -> None:
    if member.consent != about.consent:
        member.consent_at = timezone.now()
    member.name, member.email, member.phone = about.name, about.email, about.phone
    member.preferred, member.consent = about.preferred, about.consent
    member.notes, member.also = about.notes, list(about.also)
    member.save()
    MemberHandle.objects.filter(member=member).delete()
    MemberHandle.objects.bulk_create(
        MemberHandle(member=member, network=network, handle=handle) for network, handle in about.handles
    )
