"""Words about one member in every place that can hold them, made through the public actions wherever there is one."""

from datetime import date, time
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image

from clients.approvals.actions import propose_standing
from clients.approvals.rules import Template
from clients.audit.actions import record
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.channels.models import MemoryPost
from clients.community.actions import add_member
from clients.community.models import Member
from clients.community.rules import About, Consent
from clients.disclosure.actions import make_link
from clients.disclosure.rules import InfoClass
from clients.gate.actions import approve_item, refuse_item, stop
from clients.gate.models import Dispatch, Sighting
from clients.items.actions import add_media, begin_series, read_import, write_note
from clients.items.content import MediaRef
from clients.mandates.actions import propose_charter
from clients.outbox.actions import enqueue
from clients.outbox.models import OutboxRow
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.world import World

NAMES = {
    "lea": About(
        "Léa Zorglub", "lea.zorglub@example.org", "+33 6 98 76 54 32", "email", Consent.GIVEN, "Aime les fraises.",
        (("mastodon", "@lea_zorglub@social.example"), ("bluesky", "lea.zorglub")), ("Madame Zorglub-Petit",),
    ),
    "tom": About(
        "Tom Quidam", "tom.quidam@example.org", "+33 6 11 22 33 44", "phone", Consent.NONE, "",
        (("mastodon", "@tom_quidam@social.example"), ("bluesky", "lea.zorglub.fan")), (),
    ),
}  # fmt: skip


def picture(red: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (6, 6), (red, 10, 10)).save(out, "PNG")
    return out.getvalue()


def scatter(world: World, who: str) -> Member:
    """A member, and words about them everywhere: sent and waiting, kept beside and put down in the log."""
    about = NAMES[who]
    name, mail, phone = about.name, about.email, about.phone
    member = add_member(world.owner, about=about)
    _items(world, about, 200 if who == "lea" else 100)
    write_note(world.owner, item_id=world.draft("Un mot").pk, text=f"Rappeler {name} au {phone.replace(' ', '.')}")
    read_import(world.cm, data=f"date;time;text\n2031-01-01;10:00;Merci {name.upper()}\n".encode(), name=f"{mail}.csv")
    begin_series(
        world.cm, content=world.content(f"Chaque lundi avec {name}"), rule="FREQ=WEEKLY", first_day=date(2031, 1, 6),
        clock=time(9), last_day=None, most=2,
    )  # fmt: skip
    propose_standing(
        world.cm, title=f"Pour {name}", template=Template("", "publish", "routine", (), f"Cher {name} {{x}}")
    )
    stop(world.owner, scope="kind", value="ban" if who == "lea" else "delete", reason=f"{name} s'est plainte")
    link = {
        "kind": "items.item",
        "object_id": member.pk,
        "digest": "d" * 64,
        "info_class": InfoClass.SHARED,
        "most_views": 1,
    }
    until = timezone.now() + timezone.timedelta(days=1)
    make_link(world.owner, recipient=mail, until=until, reason=f"demandé par {name}", **link)
    _rules(world, about)
    with durable(world.brand):
        record(world.owner, "test.line", member, private={"about": name, "ip": "192.0.2.1"})
        enqueue("test.letter", {"to": mail}, key=f"letter:{mail}")
    return member


def _items(world: World, about: Any, red: int) -> None:
    name, mail = about.name, about.email
    media = add_media(world.cm, data=picture(red), declared="image/png", alt=f"Portrait de {name}")
    shown = (MediaRef(media.digest, f"{name} au salon"),)
    world.charter(6)
    sent = world.submitted(f"Bravo {name} ! Voir https://social.example/{about.handles[0][1]}", title=f"Bravo {name}")
    personal = world.submitted("Un mot pour vous seule", title="Message", recipient=about.handles[0][1])
    world.charter(2)
    waiting = world.submitted(f"Bientôt {name}", title=f"Pour {mail}", media=shown)
    refused = world.submitted(f"Jamais {name}", title="Non")
    for item in (sent, personal, waiting, refused):
        assert item.version is not None
    refuse_item(world.approver, item_id=refused.pk, seen_digest=refused.version.digest, comment=f"{name} n'a rien dit")  # type: ignore[union-attr]
    approved = world.submitted(f"Oui {name}", title=f"Oui {name}")
    approve_item(world.approver, item_id=approved.pk, seen_digest=approved.version.digest, comment=f"Vu avec {name}")  # type: ignore[union-attr]
    world.run_outbox("gate.send")
    with brand_scope(world.brand):
        dispatch = Dispatch.objects.get(item=sent)
        Dispatch.objects.filter(pk=dispatch.pk).update(note=f"vu par {name}")
        Sighting.objects.create(dispatch=dispatch, state="there", url=f"https://social.example/{about.handles[0][1]}/1")


def _rules(world: World, about: Any) -> None:
    from clients.briefings.queries import briefing_in_force

    with brand_scope(world.brand):
        number = briefing_in_force().number  # type: ignore[union-attr]
    sections = {"objectives": "Être là", "audience": f"Des gens comme {about.name}", "tone": "Doux"}
    publish_briefing(actor=world.owner, after=number, sections=sections, calendar={}, note=f"avec {about.name}")
    acknowledge_briefing(actor=world.cm, number=number + 1)
    from tests.audit.test_every_action import charter_base

    grants = [{"channel": "", "kind": "", "sensitivity": "routine", "level": 3}]
    manager = world.actor(Role.AGENCY_MANAGER)
    propose_charter(
        actor=manager, mandate_id=world.mandate.pk, base=charter_base(world), grants=grants, note=f"pour {about.name}"
    )


def posts(world: World) -> int:
    with brand_scope(world.brand):
        return MemoryPost.objects.count() + OutboxRow.objects.count()
