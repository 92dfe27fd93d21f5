"""What ends an opening, in the open transaction of whoever ends it: its row, its line, its letters, and the work that is left."""

from uuid import UUID

from django.db import IntegrityError, transaction

from clients.audit.actions import record
from clients.breakglass.models import Opening, OpeningEnd
from clients.breakglass.queries import read_under, told_of_openings
from clients.breakglass.rules import Ended
from clients.outbox.actions import cancel, enqueue
from clients.people.actor import Actor
from tenants.errors import Conflict, Missing

LETTER, LAPSE, SHUT = "breakglass.letter", "breakglass.lapse", "breakglass.shut"


def find_opening(opening_id: UUID) -> Opening:
    """Missing('opening') if there is none."""
    found = Opening.objects.select_related("end").filter(pk=opening_id).first()
    if found is None:
        raise Missing("opening")
    return found


def end(actor: Actor, opening: Opening, how: Ended) -> OpeningEnd:
    """INVARIANT: when this commits no view shows a row any more; that role and views go is only tidying.

    Conflict('opening_over') where somebody was faster.
    """
    try:
        with transaction.atomic():
            ended = OpeningEnd.objects.create(opening=opening, how=how, by_person=actor.person_id)
    except IntegrityError as clash:
        raise Conflict("opening_over") from clash
    read = [list(each) for each in read_under([opening.pk])[opening.pk]]
    record(actor, "break_glass.ended", opening, how=str(how), read=read)
    cancel(LAPSE, key=str(opening.pk))
    enqueue(SHUT, {"opening": str(opening.pk)}, key=str(opening.pk))
    mail_owners(opening, "ended")
    return ended


def mail_owners(opening: Opening, about: str) -> None:
    """One letter each, after the commit. A letter that fails comes again; the line is there whatever becomes of it."""
    for person in told_of_openings():
        key = f"{opening.pk}:{person.person_id}:{about}"
        enqueue(LETTER, {"opening": str(opening.pk), "person": str(person.person_id), "about": about}, key=key)
