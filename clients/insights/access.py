"""The doors to one insight, and to what is asked of somebody: refused equals absent."""

from uuid import UUID

from django.utils import timezone

from clients.disclosure.access import can_read, require_readable
from clients.disclosure.models import ShareLink
from clients.disclosure.rules import InfoClass, may_read, strictness
from clients.disclosure.steps import Reading, note_reads
from clients.insights.models import Asking, Insight, Theme
from clients.insights.rules import About, State
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.errors import Missing, Refused
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side


def access_insight(actor: Actor, insight_id: UUID, *, lock: bool = False) -> Insight:
    """One insight that `actor` may read; from `named` upward that is written down. Missing('insight') otherwise."""
    require(actor, Verb.INSIGHT_READ)
    rows = Insight.objects.select_for_update(of=("self",)) if lock else Insight.objects
    found = rows.select_related("department", "theme").filter(pk=insight_id).first()
    insight: Insight = require_readable(actor, found, "insight")
    if not lock:
        note_reads(actor, [reading(insight)], subject=insight)
    return insight


def access_asking(actor: Actor, asking_id: UUID) -> Asking:
    """What is asked of this very person: their leave to read that one insight. Missing('asking') otherwise.

    An insight that was raised since beyond what they may be handed is no longer there for them.
    """
    require(actor, Verb.HANDED_READ)
    asked = Asking.objects.select_related("insight__theme", "department")
    found = asked.filter(pk=asking_id, to_person=actor.somebody).first()
    if found is None or not (can_read(actor, found.insight) or _handed(actor.role, found.insight)):
        raise Missing("asking")
    note_reads(actor, [reading(found.insight)], subject=found.insight)
    return found


def asking_of_link(link: ShareLink) -> Asking | None:
    """What a link asks for, while it is asked for. Inside the brand's scope; the caller has opened the link."""
    asked = Asking.objects.select_related("insight", "department").filter(link=link, closed_at=None)
    return asked.exclude(insight__state__in=(State.DECIDED, State.CLOSED)).first()


def lock_asked(asking_id: UUID) -> tuple[Insight, Asking] | None:
    """The insight first and then what is asked under it, both locked; whoever comes has opened their own door."""
    insight = Insight.objects.select_for_update(of=("self",)).filter(askings=asking_id).first()
    asking = Asking.objects.select_for_update(of=("self",)).filter(pk=asking_id).first() if insight else None
    return (insight, asking) if insight and asking else None


def access_theme(actor: Actor, theme_id: UUID) -> Theme:
    """A theme that goes by its own name, locked. Missing('theme') otherwise."""
    require(actor, Verb.INSIGHT_READ)
    found = Theme.objects.select_for_update().filter(pk=theme_id, merged_into=None).first()
    if found is None:
        raise Missing("theme")
    return found


def require_receivable(person: BrandPerson, insight: Insight) -> None:
    """Raises Refused('may_not_receive') for who may not read it anyway and is no department of the brand.

    INVARIANT: what is asked opens one insight to one department contact, and never what only the brand or named people read.
    """
    role, side = Role(person.role), Side(person.side)
    reads = may(role, Verb.INSIGHT_READ) and may(role, Verb.HANDED_READ)
    if reads and may_read(side, role, person.person_id, insight.info_class, insight.named):
        return
    if not _handed(role, insight):
        raise Refused("may_not_receive")


def asking_to_mail(asking_id: UUID, about: About, person_id: UUID) -> tuple[Asking, BrandPerson] | None:
    """For a letter: what is still so, and who is told, if they still have a place here."""
    asking = Asking.objects.select_related("insight", "department").filter(pk=asking_id).first()
    if asking is None or not _still(asking, about):
        return None
    person = BrandPerson.objects.filter(live=True, person_id=person_id).first()
    return (asking, person) if person else None


def reading(insight: Insight) -> Reading:
    """An insight, as the log names what was read."""
    return Reading(Insight._meta.label_lower, insight.pk, "", insight.info_class)


def _still(asking: Asking, about: About) -> bool:
    owed = asking.closed_at is None and asking.answered_at is None
    if about is About.ANSWERED:
        return asking.answered_at is not None
    if about is About.LATE:
        return owed and asking.insight.state == State.LATE
    return owed and (about is About.ASKED or asking.due_at > timezone.now())


def _handed(role: Role | None, insight: Insight) -> bool:
    return role is Role.DEPARTMENT_CONTACT and strictness(insight.info_class) <= strictness(InfoClass.SHARED)
