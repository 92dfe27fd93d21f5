"""Of a thousand simultaneous approvals of one item exactly one wins, and everybody gets a clear answer.

Real HTTP against a real server with several processes and threads: signed-in approvers press at the same moment over
many open connections, each with the form of the page it had read. One answer leads on (303), all others say in words
that somebody was faster (409); no server error. Then the books: one yes, one clearing, one post on the wall.

Seen to fall short when: `say_yes` did not look at the state; `lock_item` did not lock; errors of the house were not
turned into pages.
"""

import http.client
import secrets
from collections import Counter
from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from clients.approvals.models import Verdict
from clients.gate.models import DecisionRecord
from clients.gate.words import Stage
from clients.items.models import Item
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conftest import make_member
from tests.proof._pages import host_of, signed_in
from tests.proof._scene import at_once, digest, due_rows, scene, surprises, work_off
from tests.proof._server import web_server
from tests.world import World

PRESSES = {"small": (100, 16), "full": (1000, 64)}
APPROVERS = 8

Answer = tuple[int, bool]
"""The status, and whether the page says in words what happened."""


def run(scale: str) -> tuple[str, bool]:
    """Press, then look at the answers and at the books."""
    presses, connections = PRESSES[scale]
    world = scene(level=2)
    cookies = _sessions(world)
    item = world.submitted("Un seul oui suffit.")
    with web_server(host_of(world)) as port:
        share = [presses // connections + (n < presses % connections) for n in range(connections)]
        acts = [partial(_press, world, port, item, cookies[n % len(cookies)], share[n]) for n in range(connections)]
        results = at_once(acts)
    broken = surprises(results)
    answers = Counter(answer for result in results if isinstance(result, list) for answer in result)
    winners, clear = answers[303, True], answers[409, True]
    errors = sum(count for (status, _), count in answers.items() if status >= 500) + len(broken)
    books = _books(world, item)
    for error in broken:
        print(f"  broken: {error!r}")
    figures = (
        f"{sum(answers.values()):,} approvals from {connections} connections: {winners} winner, {clear:,} clear answers, "
        f"{sum(answers.values()) - winners - clear} others, {errors} server errors; yes, clearings, posts: {books}"
    )
    return figures, winners == 1 and clear == presses - 1 and not errors and books == (1, 1, 1)


def _sessions(world: World) -> list[str]:
    """Signed-in approvers of the brand, as the value of their cookie."""
    people = [world.people[Role.APPROVER], world.people[Role.BRAND_MANAGER]]
    people += [make_member(world.brand, Role.APPROVER).person for _ in range(APPROVERS - len(people))]
    name = settings.SESSION_COOKIE_NAME
    return [signed_in(person, host_of(world)).cookies[name].value for person in people]


def _press(world: World, port: int, item: Item, session: str, times: int) -> list[Answer]:
    """One connection, kept open, that presses again and again; each time with a form of its own."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    address = reverse("approve", urlconf="portal.urls_brand", args=[item.pk])
    answers = []
    for _ in range(times):
        token = secrets.token_hex(16)
        headers = {
            "Host": host_of(world),
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Language": "en",
        }
        line.request("POST", address, urlencode({"digest": digest(item), "csrfmiddlewaretoken": token}), headers)
        response = line.getresponse()
        answers.append((response.status, _is_clear(response.status, response.read().decode())))
    line.close()
    return answers


def _is_clear(status: int, page: str) -> bool:
    """Leads on, or is a whole page with one of the sentences for whoever was second."""
    if status == 303:
        return True
    said: Sequence[str] = ("Somebody answered this already", "You said this already")
    return status == 409 and "</html>" in page and any(sentence in page for sentence in said)


def _books(world: World, item: Item) -> tuple[int, int, int]:
    """(yeses, answers that cleared it, posts on the wall) after workers did everything."""
    work_off(world, due_rows(world, "gate.send"))
    work_off(world, due_rows(world, "gate.send"))
    with brand_scope(world.brand):
        yeses = Verdict.objects.filter(item_id=item.pk, kind="yes").count()
        cleared = DecisionRecord.objects.filter(item_id=item.pk, stage=Stage.REASK, outcome="send").count()
    return yeses, cleared, world.on_the_wall().count("Un seul oui suffit.")
