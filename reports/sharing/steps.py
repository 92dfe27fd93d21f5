"""What several actions do in their open transaction: write letters, make a link, close the links of a report."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from clients.disclosure.rules import InfoClass
from clients.disclosure.steps import Matter, close_links, lend_link
from clients.outbox.actions import cancel, enqueue
from clients.people.actor import Actor
from reports.making.access import shareable
from reports.making.models import Report
from reports.making.rules import Delivery
from reports.making.terms import link_days
from reports.sharing.models import Reader, Share
from reports.sharing.queries import readers_of, shares_of
from reports.sharing.rules import DOOR, KIND, Told
from tenants.walls.scope import required_brand

LETTER = "reports.letter"
"""Kind of the outbox row: one reader of a released report; payload {"reader": "<id>"}. The portal mails it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """For how many days a link opens, how often, and what is kept of its password ('' for none)."""

    days: int
    views: int
    kept_password: str = ""


@dataclass(frozen=True, slots=True)
class MadeShare:
    """A new link and its token, which is told this once and never again."""

    share: Share
    token: str

    @property
    def pk(self) -> UUID:
        return self.share.pk

    @property
    def address(self) -> str:
        """What its recipient opens. Inside the brand's scope."""
        host = f"{required_brand().slug}.{settings.PUBLIC_AUTHORITY}"
        return f"{settings.PUBLIC_SCHEME}://{host}{DOOR}#{self.token}"


def lend_share(
    actor: Actor,
    report: Report,
    *,
    recipient: str,
    terms: Terms,
    reader: Reader | None = None,
    token: str = "",
) -> MadeShare:
    """A link of the house to what both sides read of this report, marked for one recipient. `token`: one of `new_token`.

    Raises as `disclosure.steps.lend_link`, Conflict('nothing_to_share'), Invalid('number_out_of_range').
    """
    edition = shareable(report)
    made = lend_link(
        actor,
        Matter(KIND, (report.pk,), InfoClass.SHARED, edition.paper.digest),
        recipient=recipient,
        until=timezone.now() + link_days(terms.days),
        most_views=terms.views,
        token=token,
    )
    share = Share.objects.create(
        link=made.link,
        report=report,
        edition=edition,
        reader=reader,
        recipient=recipient.strip()[:200],
        password=terms.kept_password,
        made_by=actor.somebody,
        made_name=actor.name,
    )
    return MadeShare(share, made.token)


def add_readers(
    report: Report, people: Iterable[UUID], addresses: Iterable[str], *, way: Delivery, by: UUID
) -> list[Reader]:
    """Those who are not among its readers yet; all of them, as they stand there now."""
    known = {(reader.person_id, reader.address): reader for reader in readers_of(report)}
    wanted = [(person, "") for person in people] + [(None, address) for address in addresses]
    for person, address in wanted:
        if (person, address) not in known:
            known[person, address] = Reader.objects.create(
                report=report, person_id=person, address=address, delivery=way, added_by=by
            )
    return [known[one] for one in wanted]


def write_letters(report: Report) -> int:
    """One to each reader who has had none: how many."""
    waiting = list(readers_of(report).filter(told=Told.WAITING))
    for reader in waiting:
        enqueue(LETTER, {"reader": str(reader.pk)}, key=str(reader.pk))
        reader.told = Told.QUEUED
        reader.save(update_fields=("told",))
    return len(waiting)


def close_shares(actor: Actor, report: Report) -> int:
    """Nobody reads it by a link any more, and no letter goes: how many links were open."""
    for reader in readers_of(report).filter(told=Told.QUEUED):
        cancel(LETTER, key=str(reader.pk))
    return close_links(actor, [share.link for share in shares_of(report)])
