"""What a key is not told it does not learn in another way either: not from a tag, not from a filter, not from a cursor."""

import hashlib
import json
import re
from base64 import urlsafe_b64decode

import orjson
import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.test import override_settings

from api.etags import etag_of
from api.fields import require_told
from api.problems import Problem
from api.registry import resource_called, resources
from clients.community.models import Member
from clients.disclosure.models import IntegrationPolicy
from clients.disclosure.rules import InfoClass
from tenants.models import BrandPerson
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, allow, api_of
from tests.world import World

LEA = {"name": "Léa Martin", "email": "lea@example.org", "phone": "+33612345678", "info_class": "shared"}


def two_alike(api: Api) -> list[str]:
    made = [api.post("members", LEA, Idempotency_Key=str(n)) for n in range(2)]
    return [one.json()["id"] for one in made]


def names_only(world: World, *scopes: str) -> Api:
    policy = allow(world, {"community.member": ("name",)}, most=InfoClass.NAMED)
    return api_of(world, scopes=scopes or ("members:read",), policy=policy)


def test_a_tag_says_nothing_of_what_it_stands_for(world: World, api: Api) -> None:
    """Whoever guesses a telephone number has nothing to try it on: neither a digest, nor the tag of another row."""
    ids, narrow = two_alike(api), names_only(world)
    first, second = (narrow.get(f"members/{one}") for one in ids)
    assert first.json() == {"id": ids[0], "name": "Léa Martin"} and first["ETag"] != second["ETag"]
    with brand_scope(world.brand):
        resource = resource_called("members")
        rows = resource.rows(world.owner).filter(pk=ids[0])
        (values,) = rows.values_list(*resource.etag)
    for guess in (list(values), [str(world.brand.id), "members", ids[0], list(values)]):
        assert first["ETag"].strip('"') not in hashlib.sha256(orjson.dumps(guess, default=str)).hexdigest()
    assert etag_of(world.brand, resource, ids[0], values) == first["ETag"]
    with override_settings(SECRET_KEY="another one, as long as that of an installation would be"):
        assert etag_of(world.brand, resource, ids[0], values) != first["ETag"]


def test_a_tag_still_knows_its_row(world: World, api: Api) -> None:
    ids, narrow = two_alike(api), names_only(world)
    tag = narrow.get(f"members/{ids[0]}")["ETag"]
    assert narrow.get(f"members/{ids[0]}", If_None_Match=tag).status_code == 304
    assert narrow.get(f"members/{ids[1]}", If_None_Match=tag).status_code == 200
    assert api("PUT", f"members/{ids[1]}", {"name": "Zoé"}, If_Match=tag).status_code == 412
    assert api("PUT", f"members/{ids[0]}", {"name": "Zoé"}, If_Match=tag).status_code == 200
    with brand_scope(world.brand):
        assert set(Member.objects.values_list("name", flat=True)) == {"Zoé", "Léa Martin"}


def test_the_state_there_is_now_is_told_to_whom_may_read_it(world: World, api: Api) -> None:
    of, stale = two_alike(api)[0], '"of-another-time"'
    told = names_only(world, "members:read", "members:write")
    unread = names_only(world, "members:write")
    unnamed = api_of(world, policy=allow(world, {"items.item": ("title",)}))
    tags = [
        (answer.status_code, answer.headers.get("ETag"))
        for answer in (one("PUT", f"members/{of}", {"name": "Zoé"}, If_Match=stale) for one in (told, unread, unnamed))
    ]
    assert tags == [(412, told.get(f"members/{of}")["ETag"]), (412, None), tags[2]]
    assert tags[2][1] is None and tags[2][0] in {404, 412}


def test_every_filter_answers_about_fields_that_a_policy_names() -> None:
    """Over all there are: refused without one of its fields, and with all of them never."""
    asked = 0
    for resource in resources().values():
        every = {one.name for one in resource.fields}
        for one in resource.filters:
            assert one.told and set(one.told) <= every, (resource.name, one.name)
            require_told(resource, IntegrationPolicy(fields={resource.kind: sorted(every)}), [one.name])
            for name in {name for name in one.told if not resource.by_name[name].always}:
                short = IntegrationPolicy(fields={resource.kind: sorted(every - {name})})
                with pytest.raises(Problem) as refused:
                    require_told(resource, short, [one.name])
                assert (refused.value.status, refused.value.code) == (403, "field_not_allowed"), one.name
                asked += 1
    assert asked > 50


def test_a_filter_does_not_answer_about_what_is_withheld(world: World, api: Api) -> None:
    two_alike(api)
    narrow = names_only(world)
    asked = ("email=lea@example.org", "handle=lea", "consent=none", "since=2020-01-01T00:00:00Z")
    for each in asked:
        answer = narrow.get(f"members?{each}")
        assert (answer.status_code, answer.json()["code"]) == (403, "field_not_allowed"), each
        assert [one["pointer"] for one in answer.json()["errors"]] == [each.partition("=")[0]]
        assert api.get(f"members?{each}").status_code == 200
    assert len(api.get("members?email=lea@example.org").json()["data"]) == 2
    assert len(narrow.get("members").json()["data"]) == 2
    assert narrow.get("members?consent=nonsense").status_code == 400


def test_a_cursor_cannot_be_read(world: World) -> None:
    """A list is in the order of names, page after page, for a key that is told roles alone."""
    narrow = api_of(world, scopes=("people:read",), policy=allow(world, {"people.person": ("role",)}))
    first = narrow.get("people?limit=1").json()
    with brand_scope(world.brand):
        name = BrandPerson.objects.get(person_id=first["data"][0]["id"]).name
    for piece in (first["next"], *re.split("[:.]", first["next"])):
        said = urlsafe_b64decode(piece + "=" * (-len(piece) % 4))
        assert name.encode() not in said and json.dumps(name)[1:-1].encode() not in said
    second = narrow.get(f"people?limit=1&cursor={first['next']}").json()
    assert second["data"] and second["data"] != first["data"]


@pytest.mark.parametrize("inside", [b'["x"]', b'{"brand": 1, "channel": 2, "secret": 3}', b"7", b"no json"])
def test_what_else_is_encrypted_is_no_cursor(api: Api, inside: bytes) -> None:
    made = Fernet(settings.FIELD_ENCRYPTION_KEYS[0]).encrypt(inside).decode().rstrip("=")
    answer = api.get(f"items?cursor={made}")
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_foreign")
