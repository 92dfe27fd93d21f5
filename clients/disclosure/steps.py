"""What other features and pages do with classes and disclosures, inside their open transaction.

**Anything that lets information leave calls `disclose` first**, in a transaction that commits before the first byte leaves:

    disclose(
        actor,
        way=Way.CSV,                                  # csv, pdf, export, bundle, link, api, webhook, mail, operator
        to=Recipient.person(actor),                   # .person, .address, .link, .key, .network, .operator
        what=Matter("audit.entry", info_class=InfoClass.BRAND, count=1200, digest="<sha256 of the bytes, '' for a stream>"),
        why="downloaded",                             # a code of `portal.wording.disclosures.WHYS`
    )                                                 # by the actor's own leave; policy=... or policy_name="asking" else

Raises Refused('class_forbids') when the class may not leave by that way or by that hand: then nothing leaves. A page served by
`brand_page` is such a transaction: it commits before the response does. A worker writes it in a scope before it posts.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import connection
from django.utils import timezone

from clients.audit.actions import record
from clients.audit.models import Entry
from clients.disclosure.models import (
    Classified,
    Disclosure,
    DisclosureEnd,
    DisclosureWords,
    IntegrationPolicy,
    Reclassified,
    ShareLink,
)
from clients.disclosure.rules import (
    COUNTS_ONCE,
    MOST_VIEWS,
    STANDING,
    InfoClass,
    Way,
    is_logged,
    link_lasts,
    may_leave,
    may_read,
    needs_code,
    widens,
)
from clients.disclosure.tokens import LEAST_CODE, code_digest, new_token, token_digest
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid, Missing, Refused
from tenants.ids import uuid7
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side
from tenants.walls.added import add_together
from tenants.walls.stamps import BrandModel

MOST_IDS = 200
_TALLY = """
    INSERT INTO disclosure_tally (id, kind, about, since, count) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (kind, about, since) DO UPDATE SET count = disclosure_tally.count + excluded.count RETURNING count"""
LONGEST_REASON = 300
Follower = Callable[[Actor, Classified], None]
_followers: list[Follower] = []


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom something goes. `words` (an address, a name) are kept apart and may be erased."""

    kind: str
    id: UUID | None = None
    words: str = ""

    @classmethod
    def person(cls, actor: Actor) -> Self:
        """The person who asks, for themselves."""
        return cls("person", actor.person_id)

    @classmethod
    def member(cls, person_id: UUID) -> Self:
        """Somebody else with a place here: told by mail."""
        return cls("person", person_id)

    @classmethod
    def address(cls, address: str) -> Self:
        return cls("address", None, address)

    @classmethod
    def link(cls, words: str) -> Self:
        """Whoever holds a link; `words` say for whom it was made."""
        return cls("link", None, words)

    @classmethod
    def key(cls, key_id: UUID, words: str = "") -> Self:
        return cls("key", key_id, words)

    @classmethod
    def network(cls, words: str) -> Self:
        return cls("network", None, words)

    @classmethod
    def operator(cls, who: str) -> Self:
        """Whoever runs the installation, by the name they gave."""
        return cls("operator", None, who)


@dataclass(frozen=True, slots=True)
class Matter:
    """What leaves: rows of one kind (`items.item`), the strictest class among them, and the digest of what is handed out."""

    kind: str
    ids: tuple[UUID, ...] = ()
    info_class: InfoClass = InfoClass.SHARED
    digest: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that is about to be shown: which, in which revision (a number or a digest), and of what class."""

    kind: str
    id: UUID
    revision: str
    info_class: str


def disclose(
    actor: Actor,
    *,
    way: Way,
    to: Recipient,
    what: Matter,
    why: str,
    policy: IntegrationPolicy | None = None,
    policy_name: str = "",
    until: datetime | None = None,
    reason: str = "",
) -> Disclosure:
    """Write down that something leaves, or refuse it. In a transaction that commits before the first byte leaves.

    By the actor's own leave, or by that of a `policy` of the brand; `policy_name` is a standing arrangement of the house
    ('asking': the brand is told what waits for it), which reaches as far as `rules.STANDING` says. Raises
    Refused('class_forbids'), Refused('policy_over') for a policy that has ended since it was looked up.
    """
    if policy and not policy.holds(timezone.now()):
        raise Refused("policy_over")
    policy_class = (
        InfoClass(policy.most_class) if policy else STANDING.get(policy_name, InfoClass.SHARED) if policy_name else None
    )
    if not may_leave(way, what.info_class, actor.side, policy_class):
        raise Refused("class_forbids", info_class=str(what.info_class), way=str(way))
    row = _line(actor, way, to, what, why, str(policy.pk) if policy else policy_name, until)
    if to.words or reason:
        DisclosureWords.objects.create(disclosure=row, recipient=to.words[:200], reason=reason[:LONGEST_REASON])
    facts: dict[str, Any] = {
        "way": str(way),
        "kind": what.kind,
        "count": row.count,
        "info_class": str(what.info_class),
        "why": why,
    }
    record(actor, "disclosed", row, **facts, digest=what.digest, recipient=to.kind)
    return row


def _line(
    actor: Actor, way: Way, to: Recipient, what: Matter, why: str, leave_policy: str, until: datetime | None
) -> Disclosure:
    row = Disclosure(
        way=way,
        recipient_kind=to.kind,
        recipient_id=to.id,
        object_kind=what.kind,
        object_ids=[str(one) for one in what.ids[:MOST_IDS]],
        count=len(what.ids) if what.count is None else what.count,
        info_class=what.info_class,
        digest=what.digest,
        why=why,
        leave_person=actor.person_id,
        leave_policy=leave_policy,
        side=actor.side or "",
        until=until,
        request_id=actor.request_id,
    )
    add_together(row)
    return row


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A new link and its token, which is told this once and never again."""

    link: ShareLink
    token: str


def lend_link(
    actor: Actor,
    what: Matter,
    *,
    recipient: str,
    until: datetime,
    most_views: int,
    code: str = "",
    reason: str = "",
    token: str = "",
) -> MadeLink:
    """As `actions.make_link`, in the open transaction of whoever hands something on by it: one thing, in one content.

    `token`: one of `new_token` that stands in a letter already; '' for another.
    """
    require(actor, Verb.LINK_SHARE)
    _check_link(what.info_class, recipient, until, most_views, code)
    token = token or new_token()
    to = Recipient.link(recipient.strip())
    row = disclose(actor, way=Way.LINK, to=to, what=what, why="shared", until=until, reason=reason.strip())
    made: ShareLink = ShareLink.objects.create(
        disclosure=row,
        token_digest=token_digest(token),
        code_digest=code_digest(token, code) if needs_code(row.info_class) else "",
        object_kind=row.object_kind,
        object_id=what.ids[0],
        digest=row.digest,
        info_class=row.info_class,
        expires_at=until,
        most_views=most_views,
    )
    return MadeLink(made, token)


def _check_link(info_class: InfoClass, recipient: str, until: datetime, most_views: int, code: str) -> None:
    longest, now = link_lasts(info_class), timezone.now()
    if longest is None:
        raise Refused("class_forbids", info_class=str(info_class), way=str(Way.LINK))
    if not recipient.strip():
        raise Invalid("name_empty", "recipient")
    if "\0" in recipient:
        raise Invalid("control_characters", "recipient")
    if not now < until <= now + longest:
        raise Invalid("link_too_long", "days", most=longest.days)
    if not 1 <= most_views <= MOST_VIEWS:
        raise Invalid("number_out_of_range", "views", most=MOST_VIEWS)
    if needs_code(info_class) and len(code.strip()) < LEAST_CODE:
        raise Invalid("code_missing", "code", least=LEAST_CODE)


def close_links(actor: Actor, links: Iterable[ShareLink]) -> int:
    """Links that may no longer be read, because of what became of their content: ended like those that a person ends."""
    now, closed = timezone.now(), 0
    for link in links:
        if not ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
            continue
        closed += 1
        ended = {"by_person": actor.person_id, "side": str(actor.side or "")}
        DisclosureEnd.objects.get_or_create(disclosure_id=link.disclosure_id, defaults=ended)
        record(actor, "disclosure.ended", link.disclosure, way=str(Way.LINK))
    return closed


def note_reads(actor: Actor, readings: Sequence[Reading], subject: BrandModel | None = None) -> None:
    """Write down, before anything is shown, what of class `named` and upward is about to be. Nothing else costs a query.

    INVARIANT: in the transaction of the page, which commits before its first byte leaves: no line, no page. The same person,
    revision and session within five minutes is one line; without a session each reading is one. `subject` is the row that
    holds them all, so that the line stands in its trail.
    """
    strict = [reading for reading in readings if is_logged(reading.info_class)]
    if not strict:
        return
    known = _read_just_now(actor)
    fresh = [reading for reading in strict if (str(reading.id), reading.revision) not in known]
    if fresh:
        objects = [{"kind": r.kind, "id": str(r.id), "revision": r.revision, "class": r.info_class} for r in fresh]
        record(actor, "read", subject, objects=objects, session=actor.session)


def tally(kind: str, about: str, since: datetime, *, by: int = 1) -> int:
    """Count one more of a kind (or several) within the stretch that began then: how many there are now, in all processes."""
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, [uuid7(), kind, about, since, by])
        count: int = cursor.fetchone()[0]
    return count


def reclassify(
    actor: Actor, row: Classified, *, to: InfoClass, named: Collection[UUID] = (), reason: str = ""
) -> Reclassified | None:
    """Change the class of a row that the caller holds locked. None when nothing changes.

    Raising it is for any editor of the side that owns it; letting anybody new read it is for the brand's owner alone, with a
    reason. Raises Refused('not_allowed'), Invalid('reason_missing', 'reason').
    """
    names, words = sorted({str(person) for person in named}) if to is InfoClass.NAMED else [], reason.strip()
    if (row.info_class, row.named) == (to, names):
        return None
    lowers = widens(row.info_class, row.named, to, names) or _lets_in(row, names)
    require_change(actor, row.owner_side, lowers=lowers, reason=words)
    was = row.info_class
    row.info_class, row.named = to, names
    row.save(update_fields=("info_class", "named"))
    return tell_change(actor, row, was=was, lowers=lowers, reason=words)


def followed_by(follower: Follower) -> None:
    """Called with every row whose class was changed, in that transaction: copies of its words are never kept less strictly."""
    if follower not in _followers:
        _followers.append(follower)


def tell_change(actor: Actor, row: Classified, *, was: str, lowers: bool, reason: str) -> Reclassified:
    """Write down that a row has another class than it had, or than what it follows upon. The caller has checked the right."""
    change = Reclassified.objects.create(
        object_kind=row._meta.label_lower,
        object_id=row.pk,
        was=was,
        now=row.info_class,
        named=row.named,
        by_person=actor.somebody,
        reason=reason.strip()[:LONGEST_REASON],
    )
    facts: dict[str, Any] = {"was": str(was), "now": str(row.info_class), "named": row.named}
    if lowers:
        record(actor, "class.lowered", row, **facts)
    else:
        record(actor, "class.raised", row, **facts)
    for follow in _followers:
        follow(actor, row)
    return change


def require_change(actor: Actor, owner_side: str, *, lowers: bool, reason: str) -> None:
    """Raises Refused('not_allowed' | 'wrong_side') or Invalid('reason_missing', 'reason')."""
    require(actor, Verb.CLASS_LOWER if lowers else Verb.CLASS_RAISE)
    if lowers and not reason.strip():
        raise Invalid("reason_missing", "reason")
    if not lowers and not actor.is_brand and actor.side != owner_side:
        raise Refused("wrong_side")


def _lets_in(row: Classified, names: Collection[str]) -> bool:
    """Whether one of these people could not read it so far: a department contact, whom even a stricter class lets in by name."""
    named = BrandPerson.objects.filter(live=True, person_id__in=names) if names else ()
    return any(not may_read(Side(p.side), Role(p.role), p.person_id, row.info_class, row.named) for p in named)


def people_named(ids: Collection[UUID]) -> list[UUID]:
    """The people on a list, each of whom has a place here now. Missing('person') otherwise."""
    known = set(BrandPerson.objects.filter(live=True, person_id__in=list(ids)).values_list("person_id", flat=True))
    if set(ids) - known:
        raise Missing("person")
    return sorted(known)


def _read_just_now(actor: Actor) -> set[tuple[str, str]]:
    """Ids and revisions that this person has read in this session within the last minutes, by the log itself."""
    if not actor.session:
        return set()
    lines: Iterable[dict[str, Any]] = Entry.objects.filter(
        person_id=actor.person_id, verb="read", at__gte=timezone.now() - COUNTS_ONCE, facts__session=actor.session
    ).values_list("facts", flat=True)
    return {(one["id"], one["revision"]) for facts in lines for one in facts["objects"]}
