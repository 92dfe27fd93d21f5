"""How many queries the pages of conversations ask: the same for five rows and for fifty, of all that they show rows of."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clients.community.models import Member
from clients.conversations.models import (
    ConversationNote,
    ConversationView,
    Label,
    Labelled,
    NoteFile,
    SavedReply,
    Sketch,
)
from clients.custody.models import Conversation, Holding, Offer, Turn
from clients.disclosure.rules import InfoClass
from clients.items.actions import add_media
from clients.items.models import Media
from clients.service.models import Clock
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_conversations import begun
from tests.portal.test_lists import queries_of
from tests.proof._stage import picture
from tests.world import World

FEW, MANY = 5, 50
CM = Role.COMMUNITY_MANAGER


def conversations(world: World, count: int) -> None:
    """Each with a label, an offer to the brand, a clock that is due, somebody of the brand or the agency who holds it."""
    now, person = timezone.now(), world.people[CM].pk
    with brand_scope(world.brand):
        start = Conversation.objects.count()
        label, _ = Label.objects.get_or_create(name="Livraison", key="livraison")
        rows = [
            Conversation(
                info_class=[InfoClass.SHARED, InfoClass.PUBLIC][n % 2],
                owner_side=Side.AGENCY,
                medium="email",
                title=f"Commande {n}",
                holder_side=[Side.AGENCY, Side.BRAND][n % 2],
                holder_person=None if n % 2 else person,
                channel=world.wall.pk,
                handle=f"@lea{n}",
                priority=n,
            )
            for n in range(start, start + count)
        ]
        Conversation.objects.bulk_create(rows)
        Labelled.objects.bulk_create(Labelled(conversation=row, label=label, by_person=person) for row in rows)
        Clock.objects.bulk_create(
            Clock(conversation=row, kind="answer", round=1, started_at=now, target=60, state="running", due_at=now)
            for row in rows
        )
        steps = Holding.objects.bulk_create(
            Holding(
                conversation=row,
                number=1,
                step="pass",
                now_side=row.holder_side,
                now_state="open",
                by_name="Inès",
            )
            for row in rows
        )
        Offer.objects.bulk_create(
            Offer(
                conversation=step.conversation,
                passed=step,
                to_side=Side.BRAND,
                note="Pour vous.",
                by_person=person,
                by_name="Inès",
                accept_by=now + timedelta(days=1),
            )
            for step in steps
        )


def picture_of(world: World) -> Media:
    return add_media(world.cm, data=picture("note"), declared="image/png")


def beside(world: World, found: Conversation, count: int) -> None:
    """Turns, steps, notes with pictures, drafts, labels, words kept ready, views, and as many other talks with the member."""
    cm, now = world.cm, timezone.now()
    with brand_scope(world.brand):
        start = Turn.objects.filter(conversation=found).count() + 100
        numbers = range(start, start + count)
        Turn.objects.bulk_create(
            Turn(conversation=found, number=n, voice=["member", "agency"][n % 2], text=f"Mot {n}", at=now, mention=None)
            for n in numbers
        )
        Holding.objects.bulk_create(
            Holding(
                conversation=found, number=n, step="note", now_side=Side.AGENCY, was_side=Side.AGENCY, was_state="open",
                now_state="open", by_name="Inès", note=f"Pas {n}", by_person=cm.person_id, side=Side.AGENCY,
            )
            for n in numbers
        )  # fmt: skip
        media = Media.objects.get()
        notes = ConversationNote.objects.bulk_create(
            ConversationNote(
                conversation=found, text=f"Note {n}", aside=["", "agency"][n % 2], author_id=cm.somebody,
                author_name="Inès", owner_side=Side.AGENCY, info_class=InfoClass.SHARED,
            )
            for n in numbers
        )  # fmt: skip
        NoteFile.objects.bulk_create(NoteFile(note=note, media=media) for note in notes if not note.aside)
        Sketch.objects.bulk_create(
            Sketch(conversation=found, person_id=note.pk, person_name="Sophie", side=Side.BRAND, text="…", shared=True)
            for note in notes
        )
        labels = Label.objects.bulk_create(Label(name=f"Mot {n}", key=f"mot {n}") for n in numbers)
        Labelled.objects.bulk_create(
            Labelled(conversation=found, label=label, by_person=cm.somebody) for label in labels
        )
        mine = {"person_id": cm.somebody, "side": Side.AGENCY}
        SavedReply.objects.bulk_create(SavedReply(name=f"Prêt {n}", text="…", **mine) for n in numbers)
        ConversationView.objects.bulk_create(ConversationView(name=f"Vue {n}", **mine) for n in numbers)
        Conversation.objects.bulk_create(
            Conversation(
                info_class=InfoClass.SHARED, owner_side=Side.AGENCY, medium="email", title=f"Autre {n}",
                holder_side=Side.AGENCY, member=found.member, member_name="Léa",
            )
            for n in numbers
        )  # fmt: skip


@pytest.mark.parametrize(
    "path", ["", "?box=mine", "?box=due", "?box=offered", "?box=waiting", "?q=commande", "?medium=email"]
)
def test_the_inbox_asks_the_same_of_five_and_of_fifty(world: World, other: World, browse: Browse, path: str) -> None:
    begun(other, "SECRET")
    conversations(world, FEW)
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    few, page = queries_of(client, f"/conversations/{path}")
    conversations(world, MANY - FEW)
    many, full = queries_of(client, f"/conversations/{path}")
    shows = path not in {"?box=mine", "?box=waiting"}
    assert (page.count("data-row"), full.count("data-row")) == ((FEW, MANY) if shows else (0, 0))
    assert "SECRET" not in page + full
    assert many == few


def test_one_conversation_asks_the_same_whatever_stands_in_and_beside_it(
    world: World, other: World, browse: Browse
) -> None:
    begun(other, "SECRET")
    picture_of(world)
    found = begun(world)
    with brand_scope(world.brand):
        found.member = Member.objects.create(
            name="Léa", info_class=InfoClass.SHARED, owner_side=Side.AGENCY, created_by=world.cm.somebody
        ).pk
        found.save(update_fields=("member",))
    beside(world, found, FEW)
    client = browse(world.people[CM], world.brand)
    few, page = queries_of(client, f"/conversations/{found.pk}/")
    beside(world, found, MANY - FEW)
    many, full = queries_of(client, f"/conversations/{found.pk}/")
    for words in ("Mot", "Pas", "Note", "Prêt"):
        assert page.count(f"{words} 10") < full.count(f"{words} 1")
    assert "SECRET" not in page + full
    assert many == few


def test_the_hub_asks_the_same_of_five_and_of_fifty(world: World, other: World, browse: Browse) -> None:
    begun(other, "SECRET")
    conversations(world, FEW)
    client = browse(world.people[CM])
    few, page = queries_of(client, "/brands/conversations")
    conversations(world, MANY - FEW)
    many, full = queries_of(client, "/brands/conversations")
    assert page.count("data-row") == FEW < full.count("data-row")
    assert "SECRET" not in page + full
    assert many == few
