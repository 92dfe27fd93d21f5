"""Pages of keys: who sees what, the secret that is shown once, consent and its refusals, letters in both languages."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.http import HttpResponse

from clients.audit.models import Entry
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.keys.access import actor_of_key
from clients.keys.actions import exchange_code, keep_keys, note_use, revoke_key
from clients.keys.issuer import issuer_of
from clients.keys.models import Code, Family, Key
from clients.keys.scopes import SCOPES
from clients.keys.steps import LETTER
from clients.people.actions import end_membership
from clients.people.rules import MAY, Verb
from portal.wording.keys import SCOPES as SCOPE_WORDS
from tenants.errors import Missing, Refused
from tenants.models import Person
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.keys.made import (
    HOME,
    REDIRECT,
    VERIFIER,
    challenge_of,
    door,
    make_client,
    make_policy,
    make_static,
    shown,
    tokens_of,
)
from tests.keys.test_door import worker
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

OWNER, MANAGER, APPROVER, CM = Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER, Role.COMMUNITY_MANAGER
SECRET = re.compile(r"rls(?:-secret)?_[0-9A-Za-z_]{46,}")


def opens(world: World, secret: str) -> bool:
    try:
        actor_of_key(world.brand, secret, ip=HOME, request_id="")
    except (Missing, Refused):
        return False
    return True


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def typed(world: World, **changes: Any) -> dict[str, Any]:
    facts = {
        "name": "CRM",
        "scope": ["items:read"],
        "policy": str(make_policy(world).pk),
        "until": "2026-12-24",
        "networks": "192.0.2.0/24\n",
        "redirect_uris": REDIRECT,
    }
    return facts | changes


def test_each_scope_has_words() -> None:
    assert tuple(SCOPE_WORDS) == SCOPES


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_that_there_is_a_key_and_who_revokes_it(world: World, browse: Browse, role: Role) -> None:
    key, secret = make_static(world, name="Le CRM")
    client = browse(world.people[role], world.brand)
    for page in ("/keys/", f"/keys/{key.pk}/"):
        answer = client.get(page)
        assert answer.status_code == (200 if role in MAY[Verb.KEY_READ] else 403)
        assert ("Le CRM" in text(answer)) is (role in MAY[Verb.KEY_READ])
        assert secret not in text(answer)
        assert key.digest not in text(answer)
    assert (client.get("/keys/new/static").status_code == 200) is (role in MAY[Verb.KEY_MAKE])
    assert client.post(f"/keys/{key.pk}/revoke").status_code == (303 if role in MAY[Verb.KEY_REVOKE] else 403)
    assert opens(world, secret) is (role not in MAY[Verb.KEY_REVOKE])


def test_a_key_is_made_with_a_fresh_proof_and_its_secret_is_shown_once(world: World, browse: Browse) -> None:
    form = typed(world)
    unproved = browse(world.people[OWNER], world.brand).post("/keys/new/static", form)
    assert unproved.status_code == 303
    assert "reauthenticate" in unproved["Location"]
    client = browse(world.people[OWNER], world.brand, proved=True)
    made = client.post("/keys/new/static", form)
    (secret,) = set(SECRET.findall(text(made)))
    assert made["Cache-Control"] == "private, no-store"
    assert opens(world, secret)
    with brand_scope(world.brand):
        key = Key.objects.get()
        kept = repr(list(Entry.objects.values("facts")))
    assert secret not in kept
    assert secret not in text(client.get(f"/keys/{key.pk}/")) + text(client.get("/keys/"))
    again = client.post(f"/keys/{key.pk}/secret")
    (other,) = set(SECRET.findall(text(again)))
    assert opens(world, other)
    assert not opens(world, secret)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "name"),
        ({"scope": []}, "Please say what it may do."),
        ({"scope": ["items:all"]}, "There is no such right."),
        ({"networks": "anywhere"}, "no address and no network"),
        ({"until": "2029-01-01"}, "at most 365 days"),
        ({"until": "soon"}, "date"),
        ({"policy": "x"}, "has ended"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    world: World, browse: Browse, changes: dict[str, Any], words: str
) -> None:
    client = browse(world.people[OWNER], world.brand, proved=True)
    answer = client.post("/keys/new/static", typed(world, **changes))
    assert answer.status_code == 422
    assert words in text(answer)
    assert changes.get("networks", "192.0.2.0/24") in text(answer)
    with brand_scope(world.brand):
        assert not Key.objects.exists()
    assert client.post("/keys/new/static", typed(world)).status_code == 200


def test_an_application_without_a_secret_gets_none(world: World, browse: Browse) -> None:
    client = browse(world.people[OWNER], world.brand, proved=True)
    answer = client.post("/keys/new/app", typed(world, secret="no"))
    with brand_scope(world.brand):
        key = Key.objects.get()
    assert "This application has no secret." in text(answer)
    assert key.prefix in text(answer)
    assert not key.is_confidential
    assert client.post("/keys/new/app", typed(world, redirect_uris="http://evil.example/")).status_code == 422


def test_an_owner_takes_over_what_nobody_answers_for(world: World, browse: Browse) -> None:
    key, secret = make_static(world, by=world.actor(MANAGER))
    client = browse(world.people[OWNER], world.brand, proved=True)
    assert "Take it over" not in text(client.get(f"/keys/{key.pk}/"))
    end_membership(actor=world.owner, person_id=world.people[MANAGER].pk)
    page = text(client.get(f"/keys/{key.pk}/"))
    assert "Take it over" in page
    assert "stopped: nobody answers for it" in page
    (fresh,) = set(SECRET.findall(text(client.post(f"/keys/{key.pk}/take"))))
    assert opens(world, fresh)
    assert not opens(world, secret)


def test_of_another_brand_there_is_no_key(world: World, other: World, browse: Browse) -> None:
    key, secret = make_static(other, name="SECRET system")
    client = browse(world.people[OWNER], world.brand, proved=True)
    assert "SECRET" not in text(client.get("/keys/"))
    for act in ("", "revoke", "secret", "take", "change"):
        answer = client.post(f"/keys/{key.pk}/{act}") if act else client.get(f"/keys/{key.pk}/")
        assert answer.status_code == 404
    assert opens(other, secret)


def test_three_keys_cost_what_one_costs(world: World, browse: Browse) -> None:
    client = browse(world.people[OWNER], world.brand)
    make_static(world, name="One")
    one, _page = queries_of(client, "/keys/")
    for name in ("Two", "Three"):
        key, _secret = make_static(world, name=name)
        note_use(world.brand, key_id=key.pk, ip=HOME)
    three, page = queries_of(client, "/keys/")
    assert one == three
    assert "Three" in page


def test_the_use_of_one(world: World, browse: Browse) -> None:
    key = make_client(world).key
    tokens_of(world, key)
    note_use(world.brand, key_id=key.pk, ip=HOME)
    page = text(browse(world.people[OWNER], world.brand).get(f"/keys/{key.pk}/"))
    assert "192.0.2.0/24" in page
    assert "Minutes in use" in page
    assert world.people[APPROVER].name in page
    with brand_scope(world.brand):
        family = Family.objects.get()
    approver = browse(world.people[APPROVER], world.brand)
    assert approver.post(f"/keys/consents/{family.pk}/end").status_code == 303
    with brand_scope(world.brand):
        assert Family.objects.get().ended_at is not None


def test_the_ledger_names_the_key_that_was_told(world: World, browse: Browse) -> None:
    key, secret = make_static(world, name="Le CRM de la boutique")
    item = world.draft("Texte", title="Ouverture")
    actor, grant = actor_of_key(world.brand, secret, ip=HOME, request_id="")
    with durable(world.brand):
        what = Matter("items.item", (item.pk,), InfoClass.SHARED)
        told = Recipient.key(grant.key_id)
        line = disclose(actor, way=Way.API, to=told, what=what, why="asked_by_program", policy=grant.policy)
        entry = Entry.objects.get(subject_id=line.pk)
    assert entry.facts["key"] == str(key.pk)
    client = browse(world.people[OWNER], world.brand)
    for page in ("/disclosures/?way=api&to=key", f"/disclosures/?line={line.pk}"):
        assert "Le CRM de la boutique" in text(client.get(page))


# --- Consent -----------------------------------------------------------------------------------------------------------


def request_of(key: Key, **changes: str | None) -> dict[str, str]:
    facts: dict[str, str | None] = {
        "client_id": key.prefix,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": "items:read",
        "state": "xyz &=é",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (facts | changes).items() if value is not None}


def answer_of(response: HttpResponse) -> dict[str, list[str]]:
    assert response.status_code == 303
    assert response["Location"].startswith(REDIRECT)
    return parse_qs(urlsplit(response["Location"]).query)


def test_yes_leads_to_tokens_and_no_tells_the_application(world: World, browse: Browse) -> None:
    key = make_client(world).key
    client = browse(world.people[APPROVER], world.brand, proved=True)
    page = client.get("/oauth/authorize", request_of(key))
    assert page.status_code == 200
    assert "Read items: what is planned" in text(page)
    assert "Approve, refuse" not in text(page)
    assert key.made_by_name in text(page)
    assert "form-action" in page["Content-Security-Policy"]
    assert "https://crm.example" in page["Content-Security-Policy"]
    no = answer_of(client.post("/oauth/authorize", request_of(key) | {"answer": "no"}))
    assert (no["error"], no["state"], no["iss"]) == (["access_denied"], ["xyz &=é"], [issuer_of(world.brand)])
    with brand_scope(world.brand):
        assert not Code.objects.exists()
    yes = answer_of(client.post("/oauth/authorize", request_of(key) | {"answer": "yes"}))
    assert (yes["state"], yes["iss"], "error" in yes) == (["xyz &=é"], [issuer_of(world.brand)], False)
    issued = exchange_code(door(world), shown=shown(key, yes["code"][0]))
    assert opens(world, issued.access)


def test_yes_wants_a_fresh_proof(world: World, browse: Browse) -> None:
    key = make_client(world).key
    client = browse(world.people[APPROVER], world.brand)
    assert client.get("/oauth/authorize", request_of(key)).status_code == 200
    answer = client.post("/oauth/authorize", request_of(key) | {"answer": "yes"})
    assert "reauthenticate" in answer["Location"]
    with brand_scope(world.brand):
        assert not Code.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": "items:approve"}, "invalid_scope"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request_uri": "https://evil.example"}, "request_uri_not_supported"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_an_application_asks_wrongly_it_is_told(
    world: World, browse: Browse, changes: dict[str, str | None], error: str, method: str
) -> None:
    key = make_client(world).key
    client = browse(world.people[APPROVER], world.brand, proved=True)
    more = {} if method == "get" else {"answer": "yes"}
    told = answer_of(getattr(client, method)("/oauth/authorize", request_of(key, **changes) | more))
    assert (told["error"], told["iss"]) == ([error], [issuer_of(world.brand)])
    assert "code" not in told


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "zzzzzzzz"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": REDIRECT + "/../evil"},
        {"redirect_uri": None},
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_asks_from_nowhere_is_answered_nowhere(
    world: World, browse: Browse, changes: dict[str, str | None], method: str
) -> None:
    key = make_client(world).key
    client = browse(world.people[APPROVER], world.brand, proved=True)
    answer = getattr(client, method)("/oauth/authorize", request_of(key, **changes) | {"answer": "yes"})
    assert answer.status_code == 403
    assert "Location" not in answer
    assert "Nothing was given" in text(answer) or "no such application" in text(answer)


def test_twice_the_same_parameter_is_no_request(world: World, browse: Browse) -> None:
    key = make_client(world).key
    client = browse(world.people[APPROVER], world.brand)
    asked: dict[str, Any] = request_of(key)
    assert answer_of(client.get("/oauth/authorize", asked | {"scope": ["items:read", "items:write"]}))["error"]
    assert client.get("/oauth/authorize", asked | {"client_id": [key.prefix] * 2}).status_code == 403
    assert client.get("/oauth/authorize", asked | {"redirect_uri": [REDIRECT] * 2}).status_code == 403


def test_a_revoked_application_and_one_of_another_brand_ask_in_vain(world: World, other: World, browse: Browse) -> None:
    key, theirs = make_client(world).key, make_client(other).key
    client = browse(world.people[APPROVER], world.brand, proved=True)
    assert client.get("/oauth/authorize", request_of(key)).status_code == 200
    assert client.get("/oauth/authorize", request_of(theirs)).status_code == 403
    revoke_key(world.owner, key_id=key.pk)
    assert client.get("/oauth/authorize", request_of(key)).status_code == 403


@pytest.mark.parametrize("role", [CM, Role.AGENCY_OWNER, Role.AUDITOR, Role.DEPARTMENT_CONTACT])
def test_nobody_else_is_asked(world: World, browse: Browse, role: Role) -> None:
    key = make_client(world).key
    client = browse(world.people[role], world.brand, proved=True)
    assert client.get("/oauth/authorize", request_of(key)).status_code == 403
    assert client.post("/oauth/authorize", request_of(key) | {"answer": "yes"}).status_code == 403


# --- Letters -----------------------------------------------------------------------------------------------------------


def letters(world: World) -> list[Any]:
    mail.outbox.clear()
    world.run_outbox(LETTER)
    return list(mail.outbox)


@pytest.mark.parametrize(("language", "words"), [("fr", "nouveau réseau"), ("en", "new network")])
def test_a_new_network_is_told_to_who_answers_in_their_language(world: World, language: str, words: str) -> None:
    Person.objects.filter(pk=world.people[OWNER].pk).update(language=language)
    key, secret = make_static(world, name="Le CRM")
    note_use(world.brand, key_id=key.pk, ip=HOME)
    (letter,) = letters(world)
    assert words in letter.subject
    assert "Le CRM" in letter.subject
    assert "192.0.2.0/24" in letter.body
    assert letter.to == [world.people[OWNER].email]
    assert secret not in letter.body + letter.alternatives[0][0]


def test_a_key_without_anybody_is_told_to_the_owners(world: World) -> None:
    make_static(world, by=world.actor(MANAGER))
    end_membership(actor=world.owner, person_id=world.people[MANAGER].pk)
    keep_keys(worker(world))
    (letter,) = letters(world)
    assert letter.to == [world.people[OWNER].email]


def test_what_was_revoked_meanwhile_is_not_warned_of(world: World) -> None:
    key, _secret = make_static(world)
    note_use(world.brand, key_id=key.pk, ip=HOME)
    revoke_key(world.owner, key_id=key.pk)
    assert letters(world) == []
