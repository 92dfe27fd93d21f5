"""Notes beside what is closed so long lose their words, drafts that nobody touched go; what is younger or open stays."""

from datetime import timedelta

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.community.actions import run_retention, set_retention
from clients.conversations.actions import keep_sketch, note_beside
from clients.conversations.models import ConversationNote, Sketch
from clients.custody.models import Conversation
from clients.disclosure.rules import InfoClass
from clients.people.actor import process_of
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import begun
from tests.world import World


def filled(world: World, number: str, days: int, *, closed: bool = True) -> None:
    """A conversation with a note and a draft, both so old."""
    one = begun(world, number=number)
    note_beside(world.cm, conversation_id=one.pk, text="SECRET", info_class=InfoClass.SHARED)
    keep_sketch(world.cm, conversation_id=one.pk, text="SECRET", shared=False)
    past = timezone.now() - timedelta(days=days)
    with brand_scope(world.brand):
        if closed:
            Conversation.objects.filter(pk=one.pk).update(state="closed", closed_at=past)
        Sketch.objects.filter(conversation=one).update(at=past)


def words(world: World) -> tuple[list[str], int]:
    with brand_scope(world.brand):
        notes = ConversationNote.objects.order_by("created_at").values_list("text", flat=True)
        return list(notes), Sketch.objects.count()


def test_notes_and_drafts_go_after_their_time(world: World, other: World) -> None:
    filled(world, "1", 731)
    filled(world, "2", 89)
    filled(world, "3", 89, closed=False)
    filled(other, "1", 2000)
    counts = run_retention(process_of(world.brand, EntryPoint.WORKER, "worker"))
    assert (counts["conversation_notes"], counts["sketches"]) == (1, 1)
    assert words(world) == (["", "SECRET", "SECRET"], 2)
    assert words(other) == (["SECRET"], 1)


def test_off_they_stay(world: World) -> None:
    filled(world, "1", 2000)
    for kind in ("conversation_notes", "sketches"):
        set_retention(world.owner, kind=kind, days=30, on=False)
    run_retention(process_of(world.brand, EntryPoint.WORKER, "worker"))
    assert words(world) == (["SECRET"], 1)
