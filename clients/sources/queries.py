"""What screens and letters ask of a brand's sources."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from clients.channels.models import Channel
from clients.disclosure.rules import may_read
from clients.people.actor import Actor
from clients.people.rules import MAY, Verb
from clients.sources.models import Source
from clients.sources.port import Kind
from clients.sources.registry import KINDS
from clients.sources.rules import SourceState, Trouble
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side


def sources(actor: Actor) -> QuerySet[Source]:
    """Those that `actor` may read, by name, with how they fare; removed ones too, which are history."""
    found: QuerySet[Source] = Source.objects.readable_by(actor).defer("secret").select_related("health")
    return found.order_by("name", "id")


def sources_to_bring_to(actor: Actor) -> QuerySet[Source]:
    """Those to which people bring things."""
    by_people = [kind.name for kind in KINDS.values() if kind.by_people]
    return sources(actor).filter(state=SourceState.ON, kind__in=by_people)


def in_trouble(actor: Actor) -> QuerySet[Source]:
    """Those of which people were told that something is wrong, and it still is."""
    return sources(actor).filter(state=SourceState.ON).exclude(health__trouble=Trouble.NONE)


def awake() -> tuple[int, int]:
    """How many sources are looked at, and how many of them say nothing now: silence in numbers is then no calm. One query."""
    by_people = [kind.name for kind in KINDS.values() if kind.by_people]
    looked_at = Source.objects.filter(state=SourceState.ON).exclude(kind__in=by_people)
    mute = Q(health__failures__gt=0) | Q(health__trouble__gt="")
    found = looked_at.aggregate(all=Count("pk"), mute=Count("pk", filter=mute))
    return found["all"], found["mute"]


def source_of(source_id: UUID) -> Source | None:
    """For whatever lies above and knows a source by its id alone, such as the page of a mention."""
    found: Source | None = Source.objects.defer("secret", "settings").filter(pk=source_id).first()
    return found


def channels_for(kind: Kind) -> list[Channel]:
    """The connected channels with which this kind can read."""
    return list(Channel.objects.open().defer("secret").filter(kind__in=kind.channels).order_by("name"))


def letter_about(source_id: UUID, person_id: UUID) -> tuple[Source, BrandPerson] | None:
    """For a letter: a source that is on, and somebody who still looks after such and may read it."""
    source = Source.objects.select_related("health").filter(pk=source_id, state=SourceState.ON).first()
    person = people_who_look_after().filter(person_id=person_id).first()
    if source is None or person is None:
        return None
    readable = may_read(Side(person.side), Role(person.role), person_id, source.info_class, source.named)
    return (source, person) if readable else None


def people_who_look_after() -> QuerySet[BrandPerson]:
    """Those who may do something about a source in trouble."""
    return BrandPerson.objects.filter(live=True, role__in=MAY[Verb.SOURCE_WRITE])
