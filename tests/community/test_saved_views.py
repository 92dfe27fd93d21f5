"""Views that people keep look for members by name: an erasure finds them and takes them away, and no other.

A name that no other test has: what they sent stays on the wall, which is outside, and would be found, too.
"""

from clients.audit.erasing.steps import tables_that_hold, take_out
from clients.audit.erasing.values import Sought
from clients.conversations.actions import keep_view
from clients.conversations.models import ConversationView, Label, SavedReply
from clients.triage.models import SavedView
from tenants.walls.scope import durable
from tests.world import World

SOUGHT = Sought(("Ludivine Vantreuil", "ludivine.vantreuil@example.org"))


def test_a_view_that_looks_for_somebody_goes_with_them(world: World) -> None:
    keep_view(world.cm, name="Elle", filters={"q": "ludivine.vantreuil@example.org"})
    keep_view(world.cm, name="Ludivine Vantreuil", filters={})
    keep_view(world.cm, name="Lui", filters={"q": "tom.quidam@example.org"})
    with durable(world.brand):
        for name, key in (("Elle", "Ludivine Vantreuil"), ("Lui", "Tom Quidam")):
            SavedView.objects.create(name=name, filters={"key": key}, person_id=world.cm.somebody, side="agency")
        done = take_out(SOUGHT)
        assert (done.counts["conversations"], done.counts["mentions"]) == (2, 1)
        assert tables_that_hold(SOUGHT)[2] == {}
        assert [view.filters for view in ConversationView.objects.all()] == [{"q": "tom.quidam@example.org"}]
        assert [view.filters for view in SavedView.objects.all()] == [{"key": "Tom Quidam"}]


def test_two_names_that_say_who_it_is_stay_two(world: World) -> None:
    with durable(world.brand):
        for name in SOUGHT.values:
            Label.objects.create(name=name, key=name.casefold())
            SavedReply.objects.create(name=name, text="Bonjour.", person_id=world.cm.somebody, side="agency")
        take_out(SOUGHT)
        assert tables_that_hold(SOUGHT)[2] == {}
        assert len({label.key for label in Label.objects.all()}) == 2 == SavedReply.objects.count()
