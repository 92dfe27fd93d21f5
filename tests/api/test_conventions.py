"""What holds for every address alike: bad input, pages, states, repeats, limits, problems."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import time_machine
from django.test import RequestFactory, override_settings
from django.utils import timezone

from api import pages
from api.inputs import MOST_FAULTS
from api.lists import ListEndpoint
from api.registry import resource_called
from api.resource import Retired
from clients.audit.models import Entry
from clients.disclosure.models import Disclosure
from clients.items.models import Item
from clients.repeats.models import Repeat
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, api_of
from tests.api.test_door import composed
from tests.world import World

BAD_BODIES: list[tuple[bytes, int, str]] = [
    (b"", 400, "body_missing"),
    (b"{", 400, "body_not_json"),
    (b"\xff\xfe{}", 400, "body_not_utf8"),
    (b'{"text": "a", "text": "b"}', 400, "body_name_twice"),
    (b'{"text": NaN}', 400, "body_odd_number"),
    (b'{"text": 1e999}', 400, "body_odd_number"),
    (b'{"text": ' + b"9" * 400 + b"}", 400, "body_odd_number"),
    (b"[" * 5000 + b"]" * 5000, 400, "body_too_deep"),
    (b'{"text": "' + b"a" * 10_000_000 + b'"}', 413, "body_too_large"),
    (b"[]", 422, "input_invalid"),
    (b"3", 422, "input_invalid"),
    (b'{"text": "a\\u0000b", "kind": "publish", "channels": []}', 422, "input_invalid"),
    (b'{"text": "\\ud800", "kind": "publish", "channels": []}', 422, "input_invalid"),
]


def faults(answer: Any) -> dict[str, str]:
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


def test_bad_bodies_are_named_and_nothing_is_done(world: World, api: Api) -> None:
    for raw, status, code in BAD_BODIES:
        answer = api("POST", "items", raw=raw, Idempotency_Key="k")
        assert (answer.status_code, answer.json()["code"]) == (status, code), raw[:40]
        assert answer["Content-Type"] == "application/problem+json"
    with brand_scope(world.brand):
        assert not Item.objects.exists() and not Repeat.objects.exists()


def test_every_fault_has_its_pointer(world: World, api: Api) -> None:
    sent = {
        "kind": "party",
        "channels": ["x"],
        "text": 3,
        "state": "sent",
        "a/b": 1,
        "media": [{"digest": "0" * 64, "alt": 1}],
    }
    answer = api.post("items", sent, Idempotency_Key="k")
    assert answer.status_code == 422
    assert faults(answer) == {
        "/kind": "unknown_choice",
        "/channels/0": "wrong_type",
        "/text": "wrong_type",
        "/state": "field_unknown",
        "/a~1b": "field_unknown",
        "/media/0/alt": "wrong_type",
    }
    french = Api(world.brand, api.secret, api.key, language="fr").post("items", sent, Idempotency_Key="k")
    assert french["Content-Language"] == "fr" and french.json()["detail"] != answer.json()["detail"]
    assert french.json()["code"] == answer.json()["code"]


def test_what_is_not_there_is_a_problem_too(world: World, api: Api) -> None:
    item = world.submitted("Un.")
    cases = [
        (api.get("nothing"), 404, "address_unknown"),
        (api.get("items/nothing"), 404, "address_unknown"),
        (api("PUT", f"items/{item.pk}", {}), 405, "method_unknown"),
        (api("OPTIONS", "items"), 405, "method_unknown"),
        (api.get("items", Accept="text/html"), 406, "not_acceptable"),
        (api.post("items", {}, Content_Type="text/plain", Idempotency_Key="k"), 415, "media_type"),
        (api.get("items?colour=red"), 400, "parameters_invalid"),
        (api.get("items?state=red"), 400, "parameters_invalid"),
        (api.get("items?limit=100000"), 400, "parameters_invalid"),
        (api.get("items?fields=secret"), 400, "parameters_invalid"),
        (api.post("items", composed(world)), 400, "repeat_key_missing"),
        (api.post("items", composed(world), Idempotency_Key="a b"), 400, "header_wrong"),
        (api.post("items", composed(world), Idempotency_Key="a" * 256), 400, "header_wrong"),
        (api("PATCH", f"items/{item.pk}", {"text": "x"}), 428, "if_match_missing"),
        (api("PATCH", f"items/{item.pk}", {"text": "x"}, If_Match="nonsense"), 400, "header_wrong"),
        (api("PATCH", f"items/{item.pk}", {"text": "x"}, If_Match='"other"'), 412, "state_changed"),
    ]
    for number, (answer, status, code) in enumerate(cases):
        assert (answer.status_code, answer.json()["code"]) == (status, code), number
        assert answer["Content-Type"] == "application/problem+json"
    assert cases[2][0]["Allow"] == "GET, HEAD, PATCH"


def test_something_broken_is_a_problem_without_words_about_it(
    world: World, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("SECRET")

    monkeypatch.setattr("api.pages.limit_of", broken)
    answer = api.get("items")
    assert (answer.status_code, answer.json()["code"]) == (500, "broken") and b"SECRET" not in answer.content


def test_pages_follow_each_other_and_a_cursor_is_of_its_list(world: World, other: World, api: Api) -> None:
    made = [str(world.submitted(f"{n}.").pk) for n in range(5)]
    seen, last, path = [], "", "items?limit=2&kind=publish"
    while path:
        page = api.get(path).json()
        seen += [one["id"] for one in page["data"]]
        cursor = page["next"]
        path = f"items?limit=2&kind=publish&cursor={cursor}" if cursor else ""
        last = cursor or last
    assert seen == made[::-1]
    for foreign in (
        f"items?cursor={last}",
        f"approvals?cursor={last}",
        f"items?kind=publish&cursor={last[:-2]}",
        "items?cursor=%00",
    ):
        assert api.get(foreign).json()["code"] == "cursor_foreign"
    theirs = api_of(other).get(f"items?kind=publish&cursor={last}")
    assert theirs.json()["code"] == "cursor_foreign"
    with time_machine.travel(timezone.now() + pages.LASTS + timedelta(minutes=1)):
        assert api.get(f"items?kind=publish&cursor={last}").json()["code"] == "cursor_expired"


def test_a_list_asks_the_same_number_of_queries(world: World, api: Api, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    api.get("items")
    counts = []
    for _ in range(2):
        world.submitted("Un.")
        world.submitted("Deux.")
        with CaptureQueriesContext(connection) as queries:
            api.get("items")
        counts.append(len(queries))
        assert not any("COUNT(" in one["sql"] for one in queries)
    assert counts[0] == counts[1]


def test_states_have_tags(world: World, api: Api) -> None:
    made = api.post("items", composed(world), Idempotency_Key="k")
    path, tag = f"items/{made.json()['id']}", made["ETag"]
    assert api.get(path, If_None_Match=tag).status_code == 304
    changed = api("PATCH", path, {"text": "Autre."}, If_Match=tag)
    assert changed.status_code == 200 and changed.json()["text"] == "Autre." and changed["ETag"] != tag
    stale = api("PATCH", path, {"text": "Encore."}, If_Match=tag)
    assert (stale.status_code, stale["ETag"]) == (412, changed["ETag"])
    assert api.get(path).json()["text"] == "Autre."


def test_a_repeat_has_one_effect_and_the_same_bytes(world: World, api: Api) -> None:
    first = api.post("items", composed(world), Idempotency_Key="k")
    again = api.post("items", composed(world), Idempotency_Key="k")
    assert (again.status_code, again.content) == (201, first.content)
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    other_body = api.post("items", composed(world, text="Autre"), Idempotency_Key="k")
    assert (other_body.status_code, other_body.json()["code"]) == (422, "repeat_other_body")
    another = api_of(world).post("items", composed(world), Idempotency_Key="k")
    assert another.status_code == 201 and another.json()["id"] != first.json()["id"]
    with brand_scope(world.brand):
        assert Item.objects.count() == 2
        assert Disclosure.objects.filter(object_ids__contains=[first.json()["id"]]).count() == 2
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert api.post("items", composed(world), Idempotency_Key="k").json()["id"] != first.json()["id"]


def test_what_was_refused_is_simply_asked_again(world: World, api: Api) -> None:
    item = world.submitted("Un.")
    refused = api.post(f"approvals/{item.pk}/approve", {"digest": "0" * 64}, Idempotency_Key="k")
    assert (refused.status_code, refused.json()["code"]) == (409, "stale_version")
    digest = api.get(f"items/{item.pk}").json()["digest"]
    assert api.post(f"approvals/{item.pk}/approve", {"digest": digest}, Idempotency_Key="k").status_code == 200


def test_one_that_is_running_is_said_to_run(world: World, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connections

    inside, go_on = threading.Event(), threading.Event()
    from api.resources import items

    run = items.create_item

    def slow(*args: Any, **kwargs: Any) -> Any:
        inside.set()
        assert go_on.wait(20)
        return run(*args, **kwargs)

    monkeypatch.setattr(items, "create_item", slow)
    answers: list[Any] = []

    def first() -> None:
        answers.append(api.post("items", composed(world), Idempotency_Key="k"))
        connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(20)
    second = api.post("items", composed(world), Idempotency_Key="k")
    go_on.set()
    thread.join()
    assert (second.status_code, second.json()["code"]) == (409, "repeat_running")
    assert answers[0].status_code == 201


def test_an_action_that_opens_two_transactions_leaves_nothing(
    world: World, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.resources import items

    run = items.create_item

    def twice(*args: Any, **kwargs: Any) -> Any:
        run(*args, **kwargs)
        return run(*args, **kwargs)

    monkeypatch.setattr(items, "create_item", twice)
    assert api.post("items", composed(world), Idempotency_Key="k").status_code == 500
    with brand_scope(world.brand):
        assert not Item.objects.exists() and not Repeat.objects.exists()


def test_many_at_once_are_answered_one_by_one(world: World, api: Api) -> None:
    rows = [{"id": str(item.pk)} for item in (world.submitted("Un."), world.submitted("Deux."))]
    digests = {one["id"]: one["digest"] for one in api.get("approvals").json()["data"]}
    rows = [row | {"digest": digests[row["id"]]} for row in rows]
    rows = [rows[0], {**rows[1], "digest": "0" * 64}, {"id": rows[1]["id"]}, rows[1], {"id": "x", "colour": 1}]
    answer = api.post("approvals/bulk/approve", {"rows": rows}, Idempotency_Key="b")
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [200, 409, 422, 200, 422]
    assert results[0]["data"]["state"] == "cleared" and results[1]["problem"]["code"] == "stale_version"
    assert {one["pointer"] for one in results[4]["problem"]["errors"]} == {
        "/rows/4/id",
        "/rows/4/colour",
        "/rows/4/digest",
    }
    assert api.post("approvals/bulk/approve", {"rows": rows}, Idempotency_Key="b").content == answer.content
    no_object = api.post("approvals/bulk/approve", {"rows": [rows[0], "x"]}, Idempotency_Key="d")
    assert no_object.status_code == 422 and faults(no_object) == {"/rows/1": "wrong_type"}
    too_many = api.post("approvals/bulk/approve", {"rows": [rows[0]] * 101}, Idempotency_Key="c")
    assert faults(too_many) == {"/rows": "list_not_within"}


def test_of_what_is_wrong_a_hundred_places_are_named(world: World, api: Api) -> None:
    odd = {f"n{number}": 1 for number in range(3_000)}
    few_odd = {f"n{number}": 1 for number in range(30)}
    one = api.post("items", odd, Idempotency_Key="k").json()["errors"]
    assert len(one) == MOST_FAULTS
    assert one[0]["code"] == "field_missing"
    listed = api.post("items", composed(world) | {"media": [few_odd] * 9}, Idempotency_Key="l").json()["errors"]
    assert len(listed) == MOST_FAULTS
    few = api.post("items", composed(world) | {"odd": 1, "more": 1}, Idempotency_Key="m")
    assert faults(few) == {"/odd": "field_unknown", "/more": "field_unknown"}
    rows = [odd, odd, {"odd": 1}, composed(world)]
    results = api.post("items/bulk/create", {"rows": rows}, Idempotency_Key="n").json()["results"]
    told = [len(row["problem"]["errors"]) for row in results[:3]]
    assert told == [MOST_FAULTS, 1, 1]  # each row that is refused says why
    assert results[3]["status"] == 201


def test_the_number_of_requests_is_told_and_bound(world: World, api: Api) -> None:
    with override_settings(API_REQUESTS_A_MINUTE=40), time_machine.travel(timezone.now(), tick=False):
        answers = [api.get("items?limit=1") for _ in range(42)]
    kept = [one for one in answers if one.status_code == 200]
    assert len(kept) == 40 and kept[0]["RateLimit-Policy"] == '"key";q=40;w=60'
    assert kept[0]["RateLimit"].startswith('"key";r=39;t=')
    assert answers[-1].status_code == 429 and int(answers[-1]["Retry-After"]) <= 60


def test_each_write_names_the_key_and_has_no_proof(world: World, api: Api) -> None:
    api.post("items", composed(world), Idempotency_Key="k")
    with brand_scope(world.brand):
        line = Entry.objects.filter(verb="item.created").last() or Entry.objects.filter(via="api").last()
    assert line is not None and line.via == "api" and line.facts["key"] == str(api.key.pk)
    assert line.person_id == api.key.answered_by


def test_no_other_site_may_ask(world: World, api: Api) -> None:
    answer = api.get("items", Origin="https://elsewhere.example")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert answer["Cache-Control"] == "no-store" and not answer.cookies


def test_times_are_in_utc(world: World, api: Api) -> None:
    api.post("items", composed(world, not_before="2030-01-07T10:00:00+01:00"), Idempotency_Key="k")
    assert orjson.loads(api.get("items").content)["data"][0]["not_before"] == "2030-01-07T09:00:00+00:00"


def test_what_goes_says_so_a_year_ahead(world: World, api: Api) -> None:
    soon = datetime(2030, 1, 7, tzinfo=UTC)
    going = Retired(soon, soon + timedelta(days=365), "/api/v1/approvals")
    listed = resource_called("items")
    old = replace(listed, retired=going)
    view = ListEndpoint.as_view(resource=old, act=None)
    request = RequestFactory().get("/api/v1/items", headers={"Authorization": f"Bearer {api.secret}"})
    request.brand = world.brand  # type: ignore[attr-defined]
    answer = view(request)
    assert answer.status_code == 200 and answer["Deprecation"] == f"@{int(soon.timestamp())}"
    assert answer["Sunset"] == "Tue, 07 Jan 2031 00:00:00 GMT" and "approvals" in answer["Link"]
    assert "Deprecation" not in api.get("items")
    with pytest.raises(ValueError, match="retired_too_soon"):
        Retired(soon, soon + timedelta(days=30), "/api/v1/approvals")
