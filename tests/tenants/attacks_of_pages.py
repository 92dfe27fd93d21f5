"""Attacks through pages and around them: what browsers keep, sessions, invitations, lists, tables, errors, logs, letters."""

import contextlib
import io
import json
import logging
import re
import secrets
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from django.conf import settings
from django.core import mail
from django.db import connection
from django.template import engines
from django.test import Client, override_settings
from django.urls import get_resolver
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import Item
from clients.people.actions import accept_invitation
from tenants import invitations
from tenants.brandref import BrandRef
from tenants.errors import RelaisError
from tenants.ids import uuid7
from tenants.invitations import card_of
from tenants.models import Membership, Person
from tenants.pending import CHANNEL
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope, durable, hub_scope
from tests.tenants.attacks import SECRET, attack, item_of
from tests.tenants.attacks_of_files import visitor

# --- 9. What browsers and proxies keep ----------------------------------------------------------------------------------

_PAGES = [
    "/",
    "/approvals/",
    "/items/",
    "/calendar/",
    "/charter/",
    "/receipts/",
    "/log/",
    "/people/",
    "/stops/",
    "/channels/",
]


@attack(9, "a page of theirs asked for again at our host, on condition")
def conditional(ours: BrandRef, theirs: BrandRef) -> object:
    member, here = visitor(theirs), visitor(ours)
    got = []
    for page in _PAGES:
        there = member.get(page)
        tag, when = there.get("ETag", '"x"'), there.get("Last-Modified", "Sat, 21 Nov 2026 08:00:00 GMT")
        answer = here.get(page, headers={"if-none-match": tag, "if-modified-since": when})
        got += [answer.content, SECRET if answer.status_code in {304, 412, 206} else ""]
    return got


@attack(9, "a page that a proxy may keep for somebody else")
def kept_by_proxies(ours: BrandRef, theirs: BrandRef) -> object:
    answers = [visitor(theirs).get(page) for page in _PAGES]
    open_to_all = [a.request["PATH_INFO"] for a in answers if not {"private", "no-store"} <= _words(a["Cache-Control"])]
    by_cookie = [a.request["PATH_INFO"] for a in answers if "cookie" not in a.get("Vary", "").lower()]
    return [SECRET, open_to_all, by_cookie] if open_to_all or by_cookie else None


def _words(header: str) -> set[str]:
    return {word.strip() for word in header.split(",")}


@attack(9, "a function that remembers, in code that runs inside brands")
def remembering_functions(ours: BrandRef, theirs: BrandRef) -> object:
    """Every memory of the process is on this list, with what it is asked by: nothing of a brand is in any of them."""
    without_brands = {
        "clients/channels/fetch.py", "clients/briefings/days_off.py", "clients/mandates/lowering.py", "tenants/dressing.py",
        "portal/templatetags/portal.py", "tenants/walls/guard.py",
        # The forms of a single word, asked by that word; whether one word is a form of another; the house's own word lists.
        "clients/matching/folding.py", "clients/matching/forms.py", "clients/mentions/sorting.py",
        "clients/matching/first_group.py", "clients/matching/phrases.py", "clients/mentions/cues.py",
        "tenants/fingerprint.py", "config/embedded/postgres.py",
        # Which class of ours a resource's name means.
        "clients/webhooks/telling.py",
        # Which columns a declared resource's fields are drawn from; what the API is, drawn from its declarations alone.
        "api/fields.py", "api/schema.py", "api/hub/schema.py", "api/docs/tables.py",
        "api/docs/reference.py",
        # How words of a place's settings are said to the server: asked by the schema, role and limit themselves.
        "tenants/walls/backend/together.py",
        # Which columns a model has; to which neighbourhood an address belongs, asked by the address.
        "tenants/walls/added.py", "clients/keys/rules.py",
        # Keys drawn from the installation's own, asked by those.
        "clients/changes/cursors.py",
        # What a shipped font draws; templates of ours, as files.
        "reports/rendering/characters.py", "reports/rendering/markup.py", "reports/rendering/stamping.py",
    }  # fmt: skip
    pattern = re.compile(r"^\s*@(?:functools\.)?(?:lru_cache|cache|cached_property)\b", re.MULTILINE)
    found = {str(f.relative_to(settings.BASE_DIR)) for f in _modules() if pattern.search(f.read_text())}
    return [SECRET, found - without_brands] if found - without_brands else None


def _modules() -> list[Path]:
    parts = ("api", "clients", "portal", "reports", "tenants", "config")
    return [f for part in parts for f in (settings.BASE_DIR / part).rglob("*.py")]


@attack(9, "a dictionary that outlives the request, asked without saying for which brand")
def remembering_dictionaries(ours: BrandRef, theirs: BrandRef) -> object:
    """What a module keeps of its own accord, by name: what stands in it by which brand, or why none needs to be said."""
    argued = {
        "api/limits.py _taken": "by a key's id, which is one brand's: a window and two numbers",
        "api/statements.py _kept": "by brand, person, role, class: SQL that is asked inside that brand alone, and no row",
        "api/front.py _known": "by address without its id: which view answers there, the same for all brands",
        "api/ahead.py _known": "by brand and person: what is asked, not what was answered",
        "config/documents.py DOCUMENTS": "filled when the process starts",
        "api/registry.py _modules": "filled when the process starts",
        "api/registry.py _resources": "filled when the process starts",
        "api/problems.py _sentences": "filled when the process starts",
        "clients/keys/foreseen.py _known": "by brand, schema and digest: believed while the row reads the same to the byte",
        "clients/briefings/goals.py _aims": "filled when the process starts",
        "clients/mentions/queries.py _kept": "by the id of a row that was found in the brand just before",
        "clients/mentions/watching.py _kept": "by the brand's id first",
        "clients/briefings/guidance.py _kept": "by the brand's id first",
        "clients/mandates/queries.py _kept": "by brand and charter: what is signed never changes",
        "clients/audit/receipts.py _signers": "by the brand's id",
        "tenants/hosts.py _known": "by host: which brand answers there",
        "reports/rendering/printer.py _OF_PROCESS": "by the process: a program that prints and keeps nothing of what it printed",
    }
    by_start = (
        "guard",
        "teller",
        "follower",
        "listener",
        "feature",
        "work",
        "handler",
        "keeper",
        "renderer",
        "kinds.py _known",
    )
    pattern = re.compile(
        r"^(_?[A-Za-z_]+): (?:dict|list|set|OrderedDict|defaultdict)\[.*\] = (?:\{\}|\[\]|set\(\))$", re.MULTILINE
    )
    found = {
        f"{f.relative_to(settings.BASE_DIR)} {name}" for f in _modules() for name in pattern.findall(f.read_text())
    }
    unsaid = {one for one in found - set(argued) if not any(word in one.lower() for word in by_start)}
    known = {"api/statements.py _kept", "api/limits.py _taken"} <= found  # else the pattern finds nothing any more
    return None if known and not unsaid else [SECRET, unsaid]


@attack(9, "a piece of a template that is kept")
def kept_fragments(ours: BrandRef, theirs: BrandRef) -> object:
    folders = [Path(folder) for engine in engines.all() for folder in engine.template_dirs]
    ours_alone = [f for folder in folders if settings.BASE_DIR in folder.parents for f in folder.rglob("*.html")]
    keeps = [str(f) for f in ours_alone if ".venv" not in str(f) and re.search(r"{%\s*cache\b", f.read_text())]
    return [SECRET, keeps] if keeps else None


# --- 10, 34. Sessions, letters with keys ----------------------------------------------------------------------------------


@attack(10, "a session of ours on every page of theirs")
def session_elsewhere(ours: BrandRef, theirs: BrandRef) -> object:
    client = visitor(theirs, of=ours)
    answers = [client.get(page) for page in _PAGES]
    return [a.content for a in answers] + [SECRET for a in answers if a.status_code != 404]


@attack(10, "a session whose membership ended between two clicks")
def session_after_the_end(ours: BrandRef, theirs: BrandRef) -> object:
    client = visitor(theirs)
    before = client.get("/items/").status_code
    Membership.objects.filter(brand_id=theirs.id, ended_at=None).update(ended_at=timezone.now())
    answer = client.get("/items/")
    return [answer.content, SECRET if (before, answer.status_code) != (200, 404) else ""]


@attack(10, "a session of somebody who was shut out of the installation")
def session_of_nobody(ours: BrandRef, theirs: BrandRef) -> object:
    client = visitor(theirs)
    Person.objects.filter(memberships__brand_id=theirs.id).update(is_active=False)
    answer = client.get("/items/")
    return [answer.content, SECRET if answer.status_code != 302 else ""]


@attack(10, "the token of a form of ours in a form of theirs")
def token_of_a_form(ours: BrandRef, theirs: BrandRef) -> object:
    person = Person.objects.create_user(f"{uuid7()}@example.org", name="Both")
    for brand in (ours, theirs):
        Membership.objects.create(person=person, brand_id=brand.id, side="brand", role=Role.BRAND_OWNER.value)
    here, there = (
        Client(enforce_csrf_checks=True, headers={"host": f"{b.slug}.{settings.HUB_HOST}"}) for b in (ours, theirs)
    )
    for client in (here, there):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    found = re.search(rb'csrfmiddlewaretoken" value="(\w+)', here.get("/stops/").content)
    token = found[1].decode() if found else ""
    right = here.post("/stops/stop", {"scope": "kind:ban", "csrfmiddlewaretoken": token}).status_code
    answer = there.post("/stops/stop", {"scope": "all", "csrfmiddlewaretoken": token})
    return [SECRET, right, answer.status_code] if (right, answer.status_code) != (303, 403) else None


@attack(34, "a letter with a key of theirs, read by somebody of ours")
def invitation_elsewhere(ours: BrandRef, theirs: BrandRef) -> object:
    token = _invitation_to(theirs, f"{uuid7()}@example.org")
    thief = Person.objects.create_user(f"{uuid7()}@example.org", name="Thief")
    return [SECRET, accept_invitation(person=thief, token=token, via=EntryPoint.MAIL_LINK, holds_mandate=_never)]


@attack(34, "a letter with a key, taken for another brand's, altered and guessed")
def invitation_altered(ours: BrandRef, theirs: BrandRef) -> object:
    token = _invitation_to(ours, f"{uuid7()}@example.org")
    brand = card_of(token, timezone.now()).brand  # right is served, so that the refusals below prove something
    got: list[object] = [] if brand.id == ours.id else [brand]
    for forged in (token[:-1], token + "x", token[::-1], "", "%00", "../", secrets.token_urlsafe(32), str(theirs.id)):
        with contextlib.suppress(RelaisError):
            got.append(card_of(forged, timezone.now()))
    return [SECRET, got] if got else None


def _invitation_to(brand: BrandRef, email: str) -> str:
    """The key of a letter, which is nowhere but in it."""
    now, owner = timezone.now(), Person.objects.create_user(f"{uuid7()}@example.org", name="Owner")
    facts = {"side": Side.BRAND, "role": Role.AUDITOR, "agency_id": None, "invited_by": owner.pk, "now": now}
    with hub_scope():
        made = invitations.write(email=email, brand_id=brand.id, **facts)
        letter = invitations.write_letter(brand.id, made.pk, now)
        assert letter is not None
        return letter.token


@attack(34, "a letter with a key of theirs, used in ours by whom it was sent to")
def invitation_in_another_brand(ours: BrandRef, theirs: BrandRef) -> object:
    guest = Person.objects.create_user(f"{uuid7()}@example.org", name="Guest")
    token = _invitation_to(theirs, guest.email)
    with hub_scope():
        return [SECRET, invitations.accept(ours.id, token, guest, timezone.now())]


def _never(*facts: Any) -> bool:
    return False


# --- 24. Lists, tables, errors, logs, figures, letters -----------------------------------------------------------------------

_SEARCHES = [
    "/items/?group=waiting", "/items/?q=B-secret", "/items/?search=B-secret", "/calendar/?view=month&on=2026-11-21",
    "/calendar/export.csv?view=month&on=2026-11-21", "/calendar/export.csv", "/log/?verb=B-secret", "/log/?item={item}",
    "/log/?person={item}", "/calendar/series/?item={item}", "/items/{item}/", "/items/new?target={item}",
    "/media/?before=2030-01-01",
]  # fmt: skip


@attack(24, "lists, searches and tables of ours, asked with ids and words of theirs")
def searching(ours: BrandRef, theirs: BrandRef) -> object:
    with durable(theirs):
        known = item_of(theirs, SECRET)
        Item.objects.filter(pk=known.pk).update(not_before=timezone.now(), state="waiting", move_of="brand")
    client = visitor(ours)
    answers = [client.get(page.format(item=known.pk)) for page in _SEARCHES]
    # What was asked for may stand in the form again: only what was not asked for tells something.
    bodies = [
        a.content.replace(b"B-secret", b"") if b"B-secret" in a.request["QUERY_STRING"].encode() else a.content
        for a in answers
    ]
    return bodies + [SECRET for a in answers if a.status_code == 500]


@attack(24, "my work, of somebody of ours")
def work_over_brands(ours: BrandRef, theirs: BrandRef) -> object:
    with durable(theirs):
        known = item_of(theirs, SECRET)
        Item.objects.filter(pk=known.pk).update(state="waiting", move_of="brand")
    client = visitor(ours)
    return [client.get(path, headers={"host": settings.HUB_HOST}).content for path in ("/", "/switcher")]


@attack(24, "the page for an error of ours, told as little as one may")
def error_pages(ours: BrandRef, theirs: BrandRef) -> object:
    """Made to fail inside their scope, behind a row of theirs: what the page says is the same for everybody."""
    with brand_scope(theirs):
        secret = Item.objects.filter(title=SECRET)[0]
    client = visitor(ours)
    with patch("portal.brand.items.access_item", side_effect=RuntimeError(f"{SECRET} {secret}")):
        broken = client.get(f"/items/{secret.pk}/")
    asked = [
        client.get(f"/items/{secret.pk}/"),
        client.get("/nowhere"),
        client.get("/items/%00/"),
        client.post("/stops/stop"),
    ]
    return [answer.content for answer in (broken, *asked)] + [SECRET if broken.status_code != 500 else ""]


@attack(24, "an administration, a browsable API or a page for debugging")
def back_doors(ours: BrandRef, theirs: BrandRef) -> object:
    names = [app for app in settings.INSTALLED_APPS if re.search(r"\.admin|debug_toolbar|rest_framework\.|silk", app)]
    client = visitor(ours)
    paths = (
        "/admin/",
        "/api/",
        "/docs/",
        "/schema/",
        "/metrics",
        "/debug/",
        "/__debug__/",
        "/silk/",
        "/.git/config",
        "/.env",
    )
    hub = {"host": settings.HUB_HOST}
    answers = {path: {client.get(path).status_code, client.get(path, headers=hub).status_code} for path in paths}
    found = [path for path, statuses in answers.items() if statuses != {404}]
    return [SECRET, names, found] if names or found or settings.DEBUG else None


@attack(24, "lines of the log that name no brand, the wrong one, or what stands in it")
def log_lines(ours: BrandRef, theirs: BrandRef) -> object:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_as_machines_read())
    root = logging.getLogger()
    level, silenced = root.level, root.manager.disable
    logging.disable(logging.NOTSET)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        with brand_scope(theirs):
            logging.getLogger("relais.test").warning("looked at %s rows", Item.objects.filter(title=SECRET).count())
        member = visitor(theirs)
        for page in (*_PAGES, "/items/?q=B-secret", "/nowhere?B-secret"):
            member.get(page)
        visitor(ours).get("/items/")
    finally:
        logging.disable(silenced)
        root.removeHandler(handler)
        root.setLevel(level)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    looked = [line.get("brand") for line in lines if "looked at" in str(line.get("event"))]
    told = [line for line in lines if SECRET in json.dumps(line)]
    return [SECRET, looked, told[:2]] if looked != [str(theirs.id)] or told else None


def _as_machines_read() -> logging.Formatter:
    from config.logs import logging_of

    line = logging_of("INFO", for_machines=True)["formatters"]["line"]
    arguments = {name: value for name, value in line.items() if name != "()"}
    return line["()"](**arguments)  # type: ignore[no-any-return]


@attack(24, "a figure or a label over brands in a page for machines")
def metrics(ours: BrandRef, theirs: BrandRef) -> object:
    routes = {
        str(pattern.pattern)
        for urls in ("portal.urls_brand", "portal.urls_hub")
        for pattern in get_resolver(urls).url_patterns
    }
    return [SECRET, routes] if any("metric" in route or "health" in route for route in routes) else None


@attack(24, "a letter to somebody of ours about something of theirs")
def letters(ours: BrandRef, theirs: BrandRef) -> object:
    from tests.conftest import make_person
    from tests.world import make_world

    mail.outbox = []
    there = make_world(theirs, make_person)
    here = make_world(ours, make_person)
    with durable(theirs):
        Item.objects.exclude(title=SECRET).delete()
    there.submitted(f"{SECRET} text", title=SECRET)
    here.submitted("Bonjour", title="Bonjour")
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        for world in (there, here):
            world.run_outbox()
    own = {person.email for person in here.people.values()}
    wrong = [
        m.subject
        for m in mail.outbox
        if set(m.recipients()) & own and SECRET in f"{m.subject} {m.body} {m.alternatives}"
    ]
    sent = {address for m in mail.outbox for address in m.recipients()}
    with durable(here.brand):
        Item.objects.filter(title=SECRET).delete()
    return None if sent & own and not wrong else [SECRET, wrong, sent]


@attack(24, "a line of our log that tells of theirs")
def audit_lines(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(ours):
        return [str(entry.__dict__) for entry in Entry.objects.all()]


# --- 33. Channels on which processes call one another ------------------------------------------------------------------------


@attack(33, "what is called out when something happens in theirs")
def notifications(ours: BrandRef, theirs: BrandRef) -> object:
    from clients.outbox.models import OutboxRow
    from tenants.pending import wake_relay, wake_relay_for

    with psycopg.connect(**connection.get_connection_params() | {"autocommit": True}) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        with durable(theirs):
            OutboxRow.objects.create(kind=SECRET, key=str(uuid7()))
        wake_relay()
        wake_relay_for(theirs.id)
        heard = [note.payload for note in listener.notifies(timeout=1, stop_after=2)]
    return [SECRET, heard] if set(heard) != {""} else None
