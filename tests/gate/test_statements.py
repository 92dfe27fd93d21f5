"""How many statements one act costs on its way out: what grows here, every act pays three times."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.gate.actions import send_dispatch, submit_item
from clients.gate.models import Dispatch
from tenants.walls.scope import brand_scope
from tests.world import World

SUBMIT, SEND = 19, 32
"""From BEGIN to COMMIT, what a lasting process knows left out; beside them each transaction settles once in its brand."""


def statements(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        act()
    return [query["sql"] for query in seen if not query["sql"].startswith("NOTIFY")]


def test_an_act_at_level_6(world: World) -> None:
    world.charter(6)
    world.submitted("first")
    world.run_outbox("gate.send")
    actor, item = world.cm, world.draft("second")
    assert item.version is not None
    digest = item.version.digest
    submitting = statements(lambda: submit_item(actor, item_id=item.pk, seen_digest=digest))
    with brand_scope(world.brand):
        dispatch = Dispatch.objects.values_list("id", flat=True).get(item=item)
    sending = statements(lambda: send_dispatch(world.brand, dispatch_id=dispatch))
    assert world.state_of(item) == "sent"
    assert len(submitting) <= SUBMIT, "\n".join(submitting)
    assert len(sending) <= SEND, "\n".join(sending)
