"""A process dies between commit and reply, a thousand times; the same request with the same key has one effect and one answer.

Real HTTP against a real gunicorn whose processes are killed with SIGKILL in the middle of a request: most of them when the
effect is committed and no byte of the answer has left, every tenth just before the commit. The program that asked sees its
connection die, and asks again with the same Idempotency-Key until it is answered, and then once more. Then the books:
every request has one item, one line in the log, one kept answer; both answers are the same bytes.

Seen to fall short when: the answer was kept in a transaction of its own behind the effect.
"""

import http.client
import json
import time
from collections import Counter

from clients.audit.models import Entry
from clients.items.models import Item
from clients.repeats.models import Repeat
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, api_of
from tests.proof._pages import host_of
from tests.proof._scene import scene
from tests.proof._server import web_server
from tests.stand_ins_of_crashes import COMMIT, HEADER, REPLY
from tests.world import World

CRASHES = {"small": 16, "full": 1000}
EVERY_TENTH = 10
TRIES = 40


def run(scale: str) -> tuple[str, bool]:
    """Ask, die, ask again; then count."""
    crashes, world = CRASHES[scale], scene(level=2)
    api = api_of(world)
    answers: Counter[str] = Counter()
    with web_server(host_of(world), workers=2, threads=1, settings_module="tests.settings_of_crashes") as port:
        for number in range(crashes):
            moment = COMMIT if number % EVERY_TENTH == EVERY_TENTH - 1 else REPLY
            answers += _one(world, api, port, number, moment)
    books = _books(world)
    figures = (
        f"{crashes:,} requests: {answers['died']:,} died ({answers[COMMIT]:,} before the commit), {answers['same']:,} "
        f"answered twice with the same bytes, {answers['another']} otherwise; items, lines, kept answers: {books}"
    )
    good = answers["died"] == answers["same"] == crashes and not answers["another"]
    return figures, good and books == (crashes, crashes, crashes)


def _one(world: World, api: Api, port: int, number: int, moment: str) -> Counter[str]:
    """One request: it dies, it is repeated until it is answered, and once more."""
    body = json.dumps({"kind": "publish", "channels": [str(world.wall.pk)], "text": f"Une seule fois {number}."})
    found: Counter[str] = Counter()
    if _asked(api, port, host_of(world), body, number, moment) is None:
        found += Counter(["died", moment])
    first = _until_answered(api, port, host_of(world), body, number)
    second = _until_answered(api, port, host_of(world), body, number)
    is_same = first == second and first[0] == 201
    found["same" if is_same else "another"] += 1
    if not is_same:
        print(f"  {number}: {first[0]} {first[1][:200]!r}, then {second[0]} {second[1][:200]!r}")
    return found


def _until_answered(api: Api, port: int, host: str, body: str, number: int) -> tuple[int, bytes]:
    for _ in range(TRIES):
        answer = _asked(api, port, host, body, number, "")
        if answer is not None and answer[0] != 409:  # the one that died may still be seen to run
            return answer
        time.sleep(0.05)
    return 0, b""


def _asked(api: Api, port: int, host: str, body: str, number: int, moment: str) -> tuple[int, bytes] | None:
    """The answer, or None where the connection died."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Host": host,
        "Authorization": f"Bearer {api.secret}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"crash-{number}",
        **({HEADER: moment} if moment else {}),
    }
    try:
        line.request("POST", "/api/v1/items", body, headers)
        response = line.getresponse()
        return response.status, response.read()
    except (http.client.HTTPException, OSError):
        return None
    finally:
        line.close()


def _books(world: World) -> tuple[int, int, int]:
    with brand_scope(world.brand):
        return (
            Item.objects.filter(version__content__text__startswith="Une seule fois").count(),
            Entry.objects.filter(verb="item.created", via="api").count(),
            Repeat.objects.count(),
        )
