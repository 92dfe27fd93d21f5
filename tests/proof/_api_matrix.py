"""The cells of the API's matrix: every resource x way x who x whose, judged by the table of `_api_routes`."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson
from django.http import HttpResponse

from api.registry import resources
from api.resource import Resource
from api.resources import MODULES
from clients.keys.actions import revoke_key
from tenants.vocabulary import ROLES_OF, Role, Side
from tests.api.calls import Api, answered_by, api_of
from tests.api.walking import Writing, nothing, writings
from tests.proof._api_routes import ACT, LOOK, READ, roles
from tests.proof._matrix import rolled_back
from tests.world import World

REFUSED = frozenset({403, 404})
LET_THROUGH = frozenset({200, 201, 204, 404, 409, 412, 422})
LOOKED_AT = frozenset({200, 404, 409})
_BELOW_ONE = re.compile(r"/([a-z-]+)/\{id\}/([a-z-]+)\Z")
BY_ROLE = frozenset({"not_allowed", "wrong_side", "scope_missing"})
"""What is refused to a role, whatever the state of the thing; other refusals (who holds it, whose it is) may meet anybody."""


@dataclass
class Tally:
    """What was asked, and every answer that the table does not expect."""

    asked: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)

    def note(self, axis: str, cell: str, answer: HttpResponse, expected: frozenset[int]) -> None:
        self.asked[axis] += 1
        if answer.status_code not in expected:
            said = answer.content[:300].decode(errors="replace")
            self.unexpected.append(f"{axis}: {cell}: {answer.status_code}, expected {sorted(expected)}: {said}")


def undeclared() -> list[str]:
    """Resources and acts without a line, lines without either."""
    known, acts = set(resources()), {one.name for one in writings()}
    found = [f"no line for {name!r}" for name in [*sorted(known - set(READ)), *sorted(acts - set(ACT))]]
    looks, named = set(_looks()), {f"{name}/{word}" for name, words in LOOK.items() for word in words}
    found += [f"no line for {name!r}" for name in sorted(looks - named)]
    lines = [*sorted(set(READ) - known), *sorted(set(ACT) - acts), *sorted(named - looks)]
    return found + [f"nothing for the line {name!r}" for name in lines]


def _looks() -> Iterator[str]:
    """Addresses of their own below one row: 'reports/facts'."""
    paths = {at: ways for module in MODULES for at, ways in getattr(module, "PATHS", {}).items()}
    for address, ways in paths.items():
        if "get" in ways and (found := _BELOW_ONE.match(address)):
            yield "/".join(found.groups())


def expected_of_a_writing(one: Writing, role: Role) -> frozenset[int]:
    """A line that wants a proof lets nobody through."""
    return LET_THROUGH if role in roles(ACT[one.name]) else REFUSED


def play(ours: World, theirs: World) -> Tally:
    """All cells: the brand's roles, keys that are none here, rows of the other brand."""
    tally, own, foreign = Tally(), api_of(ours), api_of(theirs)
    ids = {one.name: (_first(own, one), _first(foreign, one)) for one in resources().values()}
    for role in sorted(ROLES_OF[Side.BRAND]):
        _of_a_role(tally, answered_by(ours, own, role), role, ids)
    answered_by(ours, own, Role.BRAND_OWNER)
    gone = api_of(ours)
    revoke_key(ours.owner, key_id=gone.key.pk)
    nobody = {
        "no key": Api(ours.brand, "", own.key),
        "another brand's": Api(ours.brand, foreign.secret, own.key),
        "revoked": gone,
    }
    for who, api in nobody.items():
        _of_nobody(tally, api, who, ids)
    _foreign(tally, own, ids, theirs)
    return tally


def _first(api: Api, one: Resource) -> str:
    """The id of a row there is; of one that is not, where there is none."""
    rows = api.get(f"{one.name}?limit=1").json().get("data") or [] if one.listed else []
    return str(rows[0]["id"]) if rows and "id" in rows[0] else nothing(one)


def _ways(
    ids: dict[str, tuple[str, str]], which: int
) -> Iterator[tuple[str, str, bytes | None, Resource, Writing | None]]:
    for one in resources().values():
        if one.listed:
            yield "GET", one.name, None, one, None
        yield "GET", f"{one.name}/{ids[one.name][which]}", None, one, None
        for word in LOOK.get(one.name, ()):
            yield "GET", f"{one.name}/{ids[one.name][which]}/{word}", None, one, None
    for way in writings():
        of = ids[way.resource.name][which]
        yield way.method, way.path.format(id=of), orjson.dumps(way.body(of)), way.resource, way


def _asked(api: Api, method: str, path: str, raw: bytes | None) -> HttpResponse:
    with rolled_back():
        return api(method, path, raw=raw, Idempotency_Key="k", If_Match="*")


def _of_a_role(tally: Tally, api: Api, role: Role, ids: dict[str, tuple[str, str]]) -> None:
    for method, path, raw, one, way in _ways(ids, 0):
        answer = _asked(api, method, path, raw)
        if way is None:
            word = path.rpartition("/")[2]
            below = LOOK.get(one.name, {}).get(word)
            may = role in roles(below or READ[one.name])
            good = LOOKED_AT if below else frozenset({200} if path == one.name else {200, 404})
            expected = good if may else REFUSED
        elif way.in_bulk:
            may, expected = role in roles(ACT[way.name]), frozenset({200})
            codes = {row["status"] for row in answer.json().get("results", ())}
            if not may and not codes <= REFUSED:
                tally.unexpected.append(f"own: {method} {path} as {role}: {sorted(codes)} in bulk")
        else:
            expected = expected_of_a_writing(way, role)
            if expected is LET_THROUGH and answer.status_code == 403 and answer.json()["code"] not in BY_ROLE:
                expected = frozenset({403})
        tally.note("own", f"{method} {path} as {role}", answer, expected)


def _of_nobody(tally: Tally, api: Api, who: str, ids: dict[str, tuple[str, str]]) -> None:
    for method, path, raw, _one, _way in _ways(ids, 0):
        answer = _asked(api, method, path, raw)
        tally.note("no key here", f"{method} {path} with {who}", answer, frozenset({401}))
        if not answer.get("WWW-Authenticate", "").startswith("Bearer"):
            tally.unexpected.append(f"no key here: {method} {path}: no WWW-Authenticate")


def _foreign(tally: Tally, api: Api, ids: dict[str, tuple[str, str]], theirs: World) -> None:
    """The other brand's ids are answered to the byte as ids that nobody has."""
    for (method, path, raw, one, way), (_, blank, none, _, _) in zip(
        _ways(ids, 1), _ways(_absent(ids), 0), strict=True
    ):
        there, nowhere = _asked(api, method, path, raw), _asked(api, method, blank, none)
        if path != one.name and (way is None or way.act is not one.create):
            expected = frozenset({200}) if way and way.in_bulk else frozenset({403, 404, 409, 422})
            tally.note("foreign", f"{method} {path}", there, expected)
            if _plain(there, ids[one.name][1]) != _plain(nowhere, nothing(one)):
                tally.unexpected.append(f"foreign: {method} {path}: not as absent: {there.content[:200]!r}")
        if theirs.brand.slug.encode() in there.content or b"SECRET" in there.content:
            tally.unexpected.append(f"foreign: {method} {path}: a word of the other brand")


def _absent(ids: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    found = resources()
    return {name: (nothing(found[name]), "") for name in ids}


def _plain(answer: HttpResponse, of: str) -> tuple[int, bytes]:
    """Without the id that was asked for and that of the request."""
    document = orjson.loads(answer.content or b"{}")
    document.pop("instance", None) if isinstance(document, dict) else None
    for row in document.get("results", ()) if isinstance(document, dict) else ():
        row.get("problem", {}).pop("instance", None)
    return answer.status_code, orjson.dumps(document).replace(of.encode(), b"ID")
