"""The rest of the list: not through SQL of a scope, but around it: caches, hosts, tasks, provisioning, pointers, roles, doors."""

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import Celery
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from clients.people.access import actor_for
from tenants import provisioning
from tenants.actions import change_state, create_brand
from tenants.brandref import BrandRef
from tenants.dropping import drop_space
from tenants.errors import Conflict, Missing, Refused
from tenants.fingerprint import fingerprint
from tenants.ids import uuid7
from tenants.middleware import BrandHostMiddleware
from tenants.models import Brand, BrandPerson, Domain, Membership, Pending, Person, WorkPointer
from tenants.queries import serving_brand
from tenants.server import database_tag, too_old
from tenants.tasks import BRAND_HEADER, BrandTask, HubTask
from tenants.vocabulary import BrandState, Role, Side
from tenants.walls.backend.base import OWNER, DatabaseWrapper
from tenants.walls.scope import brand_scope, current_brand, durable
from tests.tenants.attacks import SECRET, attack, item_of, raw, raw_here

# --- 9. Caches ---------------------------------------------------------------------------------------------------------


@attack(9)
def a_value_cached_in_their_brand(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        cache.set("greeting", SECRET)
    with brand_scope(ours):
        return cache.get("greeting")


@attack(9, "a value cached in their brand, read on the hub")
def cached_read_on_hub(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        cache.set("greeting", SECRET)
    return cache.get("greeting")


# --- 10, 23, 34. People at the wrong door --------------------------------------------------------------------------------


def person_in(brand: BrandRef) -> tuple[Person, Membership]:
    """A new person, approver of `brand`."""
    person = Person.objects.create_user(f"{uuid7()}@example.org", name="Somebody")
    facts = {"side": Side.BRAND.value, "role": Role.APPROVER.value}
    return person, Membership.objects.create(person=person, brand_id=brand.id, **facts)


@attack(10)
def a_member_of_ours_enters_theirs(ours: BrandRef, theirs: BrandRef) -> object:
    person, _ = person_in(ours)
    return [SECRET, actor_for(person, theirs, EntryPoint.PAGE)]


@attack(10, "the same inside their scope")
def enters_inside(ours: BrandRef, theirs: BrandRef) -> object:
    person, _ = person_in(ours)
    with brand_scope(theirs):
        return [SECRET, actor_for(person, theirs, EntryPoint.PAGE)]


@attack(10)
def somebody_whose_membership_just_ended(ours: BrandRef, theirs: BrandRef) -> object:
    person, membership = person_in(theirs)
    actor_for(person, theirs, EntryPoint.PAGE)
    Membership.objects.filter(pk=membership.pk).update(ended_at=timezone.now())
    return [SECRET, actor_for(person, theirs, EntryPoint.PAGE)]


@attack(10)
def an_operator_of_the_installation(ours: BrandRef, theirs: BrandRef) -> object:
    person = Person.objects.create_user(f"{uuid7()}@example.org", name="Staff", is_operator=True)
    return [SECRET, actor_for(person, theirs, EntryPoint.PAGE)]


@attack(23)
def their_people_through_the_window_of_ours(ours: BrandRef, theirs: BrandRef) -> object:
    person, _ = person_in(theirs)
    with brand_scope(ours):
        return [SECRET for _ in BrandPerson.objects.filter(person_id=person.pk)]


@attack(23)
def all_people_by_raw_sql_from_inside_ours(ours: BrandRef, theirs: BrandRef) -> object:
    return [SECRET, raw(ours, "SELECT email FROM tenants_person")]


@attack(23)
def the_window_asked_on_the_hub(ours: BrandRef, theirs: BrandRef) -> object:
    return [SECRET, raw(None, "SELECT email FROM brand_people")]


@attack(34)
def two_live_memberships_of_one_person(ours: BrandRef, theirs: BrandRef) -> object:
    person, _ = person_in(theirs)
    facts = {"side": Side.BRAND.value, "role": Role.BRAND_OWNER.value}
    return [SECRET, Membership.objects.create(person=person, brand_id=theirs.id, **facts)]


@attack(34)
def an_agency_role_on_the_brand_side(ours: BrandRef, theirs: BrandRef) -> object:
    person = Person.objects.create_user(f"{uuid7()}@example.org", name="Somebody")
    facts = {"side": Side.BRAND.value, "role": Role.AGENCY_OWNER.value}
    return [SECRET, Membership.objects.create(person=person, brand_id=theirs.id, **facts)]


# --- 11. Equal ids -------------------------------------------------------------------------------------------------------


@attack(11)
def their_id_in_our_filters_and_writes(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        known = Item.objects.filter(title=SECRET)[0].pk
    with durable(ours):
        found: list[Any] = list(Item.objects.filter(pk__in=[known])) + list(Item.objects.in_bulk([known]).values())
        touched = Item.objects.filter(pk=known).update(title="A-own") + Item.objects.filter(pk=known).delete()[0]
        return [SECRET] if found or touched else None


@attack(11)
def their_id_in_our_foreign_key(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        known = Item.objects.filter(title=SECRET)[0].pk
    with durable(ours):
        return [
            SECRET,
            raw_here(f"UPDATE items_item SET version_id = '{known}'"),
            raw_here("SET CONSTRAINTS ALL IMMEDIATE"),
        ]


# --- 12, 13, 25. Hosts ---------------------------------------------------------------------------------------------------

_WRONG_HOSTS = [
    "", "maison-b", "www.maison-b.{hub}", "maison-b.{hub}.evil.example", "a@maison-b.{hub}", "maison-b.{hub}@evil",
    "maison-b.{hub}\x00", "maison-b.{hub}\r\nX: y", "[::1]", "[::ffff:127.0.0.1]:80", "127.0.0.1", "maison-b.{hub}:80:80",
    "maison-b.{hub}:abc", "maison-b.{hub}..", ".maison-b.{hub}", "maison-b..{hub}", "maison_b.{hub}", "%6daison-b.{hub}",
    "maison-b.{hub}/x", "maison-s.{hub}", "x.maison-b.{hub}", "mäison-b.{hub}", "*.{hub}", "xn--.{hub}", " ", "-",
]  # fmt: skip


def answer(host: str | None, **meta: str) -> HttpResponse:
    """What the middleware answers; 200 with the brand's slug when it lets the request through."""

    def view(request: Any) -> HttpResponse:
        return HttpResponse(request.brand.slug if request.brand else "hub")

    request = RequestFactory().get("/", **meta)  # type: ignore[arg-type]
    request.META.pop("HTTP_HOST", None)
    if host is not None:
        request.META["HTTP_HOST"] = host.format(hub=settings.HUB_HOST)
    return BrandHostMiddleware(view)(request)


@attack(12)
def wrong_hosts(ours: BrandRef, theirs: BrandRef) -> object:
    served = [host for host in _WRONG_HOSTS if answer(host).status_code != 404]
    return [SECRET, served] if served or answer(None).status_code != 404 else None


@attack(12)
def x_forwarded_host(ours: BrandRef, theirs: BrandRef) -> object:
    given = answer("maison-a.{hub}", HTTP_X_FORWARDED_HOST=f"maison-b.{settings.HUB_HOST}")
    return SECRET if given.content != b"maison-a" else None


@attack(12, "spellings that are right are served, so that the refusals above prove something")
def right_hosts(ours: BrandRef, theirs: BrandRef) -> object:
    right = ("maison-b.{hub}", "MAISON-B.{hub}", "maison-b.{hub}.", "maison-b.{hub}:8000", "Maison-B.{hub}.:443")
    return None if all(answer(host).content == b"maison-b" for host in right) else SECRET


@attack(13)
def a_brand_suspended_a_moment_ago(ours: BrandRef, theirs: BrandRef) -> object:
    answer("maison-b.{hub}")
    change_state(theirs, BrandState.SUSPENDED)
    try:
        return SECRET if answer("maison-b.{hub}").status_code == 200 else None
    finally:
        change_state(theirs, BrandState.ACTIVE)


@attack(13)
def a_domain_in_quarantine(ours: BrandRef, theirs: BrandRef) -> object:
    later = timezone.now() + timedelta(days=1)
    Domain.objects.create(host="shop.example", brand_id=theirs.id, quarantined_until=later)
    try:
        return SECRET if answer("shop.example").status_code == 200 else None
    finally:
        Domain.objects.filter(host="shop.example").delete()


@attack(13)
def a_domain_of_theirs_claimed_by_ours(ours: BrandRef, theirs: BrandRef) -> object:
    Domain.objects.create(host="shop.example", brand_id=theirs.id)
    try:
        with transaction.atomic():
            return [SECRET, Domain.objects.create(host="shop.example", brand_id=ours.id)]
    finally:
        Domain.objects.filter(host="shop.example").delete()


@attack(25)
def answers_tell_unknown_from_forbidden(ours: BrandRef, theirs: BrandRef) -> object:
    blank = provisioning.provision()
    asked = ("nobody.{hub}", "maison-s.{hub}", f"{blank.slug}.{{hub}}", "evil.example")
    answers = {(reply.status_code, reply.content, str(reply.headers)) for reply in map(answer, asked)}
    return SECRET if len(answers) != 1 else None


@attack(25)
def schema_and_role_names_tell_of_brands(ours: BrandRef, theirs: BrandRef) -> object:
    names = str(raw(ours, "SELECT nspname FROM pg_namespace UNION SELECT rolname FROM pg_roles")).lower()
    return SECRET if any(word in names for word in ("maison", theirs.id.hex)) else None


# --- 14, 18, 20, 21. Names, half-made brands, lies ------------------------------------------------------------------------

_BAD_NAMES = [
    "../x",
    "public",
    "pg_x",
    "information_schema",
    "B_AAAAAAAAAAAA",
    "b_aaaaaaaaaaa",
    "b_aaaaaaaaaaaaa",
    'b_"',
    "tpl",
    "",
    "b_aaaaaaaaaaa;",
]


def _bad_name(name: str) -> None:
    @attack(14, f"schema name {name!r}")
    def bad_name(ours: BrandRef, theirs: BrandRef) -> object:
        with transaction.atomic(using=OWNER):
            Brand.objects.using(OWNER).bulk_create([Brand(schema_name=name, role_name=name, slug=f"{name}-slug")])
        return SECRET


for _name in _BAD_NAMES:
    _bad_name(_name)


@attack(14)
def a_schema_name_changed_from_the_web_process(ours: BrandRef, theirs: BrandRef) -> object:
    return [SECRET, Brand.objects.filter(pk=ours.id).update(schema_name=theirs.schema_name)]


@attack(14)
def a_role_name_changed_from_the_web_process(ours: BrandRef, theirs: BrandRef) -> object:
    return [SECRET, Brand.objects.filter(pk=ours.id).update(role_name=theirs.role_name)]


@attack(18)
def a_crash_while_a_brand_is_made(ours: BrandRef, theirs: BrandRef) -> object:
    before = _spaces()
    with contextlib.suppress(DatabaseError):
        provisioning.provision(provisioning.schema_text() + "; SELECT 1/0;")
    return SECRET if _spaces() != before else None


def _spaces() -> tuple[Any, ...]:
    tag = database_tag(connections[OWNER].settings_dict["NAME"])
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_namespace), (SELECT count(*) FROM pg_roles WHERE starts_with(rolname, %s)),"
            " (SELECT count(*) FROM tenants_brand)",
            [tag],
        )
        return tuple(cursor.fetchone())


@attack(18)
def one_slug_taken_by_many_at_once(ours: BrandRef, theirs: BrandRef) -> object:
    provisioning.top_up(8)
    slug = f"one-{uuid7().hex[-12:]}"
    made = _at_once(8, lambda: create_brand("One", slug))
    return None if len(made) == 1 and Brand.objects.filter(slug=slug).count() == 1 else [SECRET, made]


@attack(18)
def one_blank_given_to_many_at_once(ours: BrandRef, theirs: BrandRef) -> object:
    Brand.objects.using(OWNER).filter(state=BrandState.BLANK).update(fingerprint="old")
    provisioning.top_up(3)
    made = _at_once(8, lambda: create_brand("Many", f"many-{uuid7().hex[-12:]}"))
    Brand.objects.using(OWNER).filter(state=BrandState.BLANK).update(fingerprint=fingerprint())
    return None if len({brand.schema_name for brand in made}) == len(made) == 3 else [SECRET, made]


def _at_once(threads: int, make: Callable[[], BrandRef]) -> list[BrandRef]:
    made: list[BrandRef] = []
    ready = threading.Barrier(threads)

    def work() -> None:
        ready.wait()
        with contextlib.suppress(Conflict):
            made.append(make())
        connection.close()

    started = [threading.Thread(target=work) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return made


@attack(18)
def a_blank_is_not_served_and_runs_no_task(ours: BrandRef, theirs: BrandRef) -> object:
    blank = provisioning.provision()
    with contextlib.suppress(Missing):
        return [SECRET, serving_brand(blank.id)]
    return SECRET if answer(f"{blank.slug}.{{hub}}").status_code == 200 else None


@attack(21)
def a_space_dropped_while_it_is_served(ours: BrandRef, theirs: BrandRef) -> object:
    drop_space(Brand.objects.get(pk=theirs.id))
    return SECRET


# --- 16, 17. Tasks -------------------------------------------------------------------------------------------------------

_app = Celery("attacks", broker="memory://", set_as_current=False)


@_app.task(base=BrandTask, name="attacks.where")
def where(brand: BrandRef) -> str:
    with brand_scope(brand):
        return f"{brand.slug} {SECRET if raw_here('SELECT title FROM items_item LIMIT 1') == [(SECRET,)] else ''}"


@_app.task(base=HubTask, name="attacks.on_hub")
def on_hub() -> object:
    return [SECRET for _ in Item.objects.all()]


def _run(task: Any, headers: dict[str, str]) -> object:
    return task.apply(headers=headers, throw=True).get()


@attack(16)
def a_task_for_a_suspended_brand(ours: BrandRef, theirs: BrandRef) -> object:
    suspended = Brand.objects.get(slug="maison-s")
    return [SECRET, _run(where, {BRAND_HEADER: str(suspended.pk)})]


@attack(16)
def a_task_for_an_unknown_brand(ours: BrandRef, theirs: BrandRef) -> object:
    return [SECRET, _run(where, {BRAND_HEADER: str(uuid7())})]


@attack(16)
def a_task_without_a_header(ours: BrandRef, theirs: BrandRef) -> object:
    return [SECRET, _run(where, {})]


@attack(16)
def a_task_published_without_a_brand(ours: BrandRef, theirs: BrandRef) -> object:
    return [SECRET, where.delay()]


@attack(16)
def a_task_with_a_forged_header(ours: BrandRef, theirs: BrandRef) -> object:
    try:
        return [SECRET, _run(where, {BRAND_HEADER: "../public"})]
    except ValueError as refused:
        raise Refused("not_a_brand_id") from refused


@attack(16)
def a_task_run_inside_another_brands_scope(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        return [SECRET, _run(where, {BRAND_HEADER: str(ours.id)})]


@attack(16)
def a_hub_task_that_reads_a_brand(ours: BrandRef, theirs: BrandRef) -> object:
    return _run(on_hub, {})


@attack(16)
def the_same_worker_one_brand_after_the_other(ours: BrandRef, theirs: BrandRef) -> object:
    _run(where, {BRAND_HEADER: str(theirs.id)})
    got = _run(where, {BRAND_HEADER: str(ours.id)})
    return got if current_brand() is None else SECRET


@attack(17)
def work_asked_for_in_a_transaction_that_rolls_back(ours: BrandRef, theirs: BrandRef) -> object:
    with contextlib.suppress(ValueError), durable(theirs):
        OutboxRow.objects.create(kind="never", key=str(uuid7()))
        raise ValueError
    return SECRET if Pending.objects.filter(kind="never").exists() else None


# --- 22, 30. Pointers ----------------------------------------------------------------------------------------------------

_FORGERIES = [
    "INSERT INTO public.tenants_workpointer VALUES ('{theirs}', 'item', '{theirs}', 'waiting', 'brand', NULL, NULL, 1)",
    "UPDATE public.tenants_workpointer SET brand_id = '{theirs}'",
    "DELETE FROM public.tenants_workpointer",
    "SELECT 'B-secret', * FROM public.tenants_workpointer",
    "INSERT INTO public.tenants_pending VALUES ('{theirs}', '{theirs}', 'x', now(), NULL, 0)",
    "DELETE FROM public.tenants_pending",
    "SELECT 'B-secret', * FROM public.tenants_pending",
    "SELECT public.tenants_mirror_work()",
    "SELECT public.tenants_mirror_personal()",
    "SELECT public.tenants_mirror_pending()",
]


def _forgery(statement: str) -> None:
    @attack(22, f"forged from inside a brand: {statement[:60]}")
    def forged(ours: BrandRef, theirs: BrandRef) -> object:
        return [SECRET, raw(ours, statement.format(theirs=theirs.id))]


for _statement in _FORGERIES:
    _forgery(_statement)


@attack(22, "a pointer written by the login role itself")
def forged_on_hub(ours: BrandRef, theirs: BrandRef) -> object:
    return [SECRET, WorkPointer.objects.filter(brand_id=theirs.id).update(side="agency")]


@attack(22)
def a_change_by_raw_sql_that_the_pointers_miss(ours: BrandRef, theirs: BrandRef) -> object:
    with durable(ours):
        item = item_of(ours, "A-own")
        raw_here(f"UPDATE items_item SET move_of = 'brand', state = 'waiting' WHERE id = '{item.pk}'")
    seen = list(WorkPointer.objects.filter(object_id=item.pk).values_list("brand_id", "side", "state"))
    return None if seen == [(ours.id, "brand", "waiting")] else [SECRET, seen]


@attack(22)
def a_change_by_bulk_update_that_the_pointers_miss(ours: BrandRef, theirs: BrandRef) -> object:
    with durable(ours):
        item = item_of(ours, "A-own")
        item.move_of = ""
        Item.objects.bulk_update([item], ["move_of"])
    return SECRET if WorkPointer.objects.filter(object_id=item.pk).exists() else None


@attack(22)
def content_in_a_pointer(ours: BrandRef, theirs: BrandRef) -> object:
    return [
        row
        for row in map(str, [*WorkPointer.objects.values(), *Pending.objects.values_list("row_id")])
        if SECRET in row
    ]


@attack(30, "one page of pointers locks more than a handful of tables")
def pointer_locks(ours: BrandRef, theirs: BrandRef) -> object:
    with transaction.atomic():
        list(WorkPointer.objects.filter(brand_id__in=[ours.id, theirs.id], side="agency").order_by("due_at")[:50])
        held = raw_here("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()")[0][0]
    return SECRET if held > 12 else None


# --- 26, 27, 31. The database itself -----------------------------------------------------------------------------------

_SHARED_THINGS = {
    "temporary table": "CREATE TEMP TABLE items_item (id int)",
    "temporary table by SELECT": "SELECT 'B-secret' AS title INTO TEMPORARY items_item2",
    "temporary table by schema": "SELECT 'B-secret' AS title INTO pg_temp.items_item2",
    "table in our schema": "SELECT 'B-secret' AS title INTO items_item2",
    "table in public": "SELECT 'B-secret' AS title INTO public.items_item2",
    "sequence of theirs": "SELECT 'B-secret', nextval('{theirs}.django_migrations_id_seq')",
    "sequence's value": "SELECT 'B-secret', last_value FROM {theirs}.django_migrations_id_seq",
    "statistics": "SELECT 'B-secret' FROM pg_stats WHERE schemaname = '{theirs}' LIMIT 1",
    "session lock": "SELECT 'B-secret', pg_advisory_lock(1)",
    "session lock, tried": "SELECT 'B-secret', pg_try_advisory_lock(1)",
    "large object": "SELECT 'B-secret', lo_create(0)",
    "files": "SELECT 'B-secret', pg_read_file('postgresql.conf')",
    "end another's session": "SELECT 'B-secret', pg_terminate_backend(pid) FROM pg_stat_activity",
    "another's statements": "SELECT 'B-secret', query FROM pg_stat_activity WHERE usename <> session_user AND query LIKE '%m%'",
    "passwords": "SELECT 'B-secret', rolpassword FROM pg_authid",
    "our own migrations": "UPDATE django_migrations SET name = 'B-secret' RETURNING name",
}


def _shared_thing(name: str, statement: str) -> None:
    @attack(26, f"shared in the database: {name}")
    def shared_thing(ours: BrandRef, theirs: BrandRef) -> object:
        return raw(ours, statement.format(theirs=theirs.schema_name))


for _name, _statement in _SHARED_THINGS.items():
    _shared_thing(_name, _statement)


@attack(27)
def our_functions_are_callable_or_open_to_a_search_path(ours: BrandRef, theirs: BrandRef) -> object:
    return raw(
        ours,
        f"""SELECT '{SECRET}', proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace AND nspname = 'public'
            WHERE has_function_privilege(current_user, pg_proc.oid, 'execute')
               OR NOT coalesce(array_to_string(proconfig, ',') LIKE 'search_path=pg_catalog%', false)""",
    )


@attack(27)
def a_brand_role_may_more_than_it_should(ours: BrandRef, theirs: BrandRef) -> object:
    return raw(
        ours,
        f"""SELECT '{SECRET}', relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE relkind IN ('r', 'v', 'm', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema', current_schema())
              AND relname <> 'brand_people' AND nspname !~ '^pg_' AND has_schema_privilege(current_user, n.oid, 'usage')
              AND has_table_privilege(current_user, c.oid, 'select, insert, update, delete')
            UNION ALL SELECT '{SECRET}', rolname FROM pg_roles
            WHERE rolname = current_user AND (rolsuper OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolbypassrls)""",
    )


@attack(27)
def the_login_role_may_more_than_it_should(ours: BrandRef, theirs: BrandRef) -> object:
    return raw(
        None,
        f"""SELECT '{SECRET}', relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE relkind IN ('r', 'v') AND nspname ~ '^b_' AND has_table_privilege(current_user, c.oid, 'select')
              AND has_schema_privilege(current_user, n.oid, 'usage')
            UNION ALL SELECT '{SECRET}', rolname FROM pg_roles
            WHERE rolname = current_user AND (rolsuper OR rolinherit OR rolcreaterole OR rolcreatedb OR rolbypassrls)""",
    )


@attack(31)
def the_application_started_as_the_owner(ours: BrandRef, theirs: BrandRef) -> object:
    other = DatabaseWrapper(dict(connections.settings[OWNER]), alias="default")
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SELECT title FROM {theirs.schema_name}.items_item")
            return cursor.fetchall()
    finally:
        other.close()


@attack(31)
def the_database_prepared_with_one_role_for_both(ours: BrandRef, theirs: BrandRef) -> object:
    login = connections.settings["default"]["USER"]
    connections.settings["default"]["USER"] = connections.settings[OWNER]["USER"]
    try:
        return [SECRET, provisioning.prepare_hub()]
    finally:
        connections.settings["default"]["USER"] = login


@attack(31)
def a_server_with_the_set_role_fault(ours: BrandRef, theirs: BrandRef) -> object:
    verdicts = [too_old(version) for version in (140099, 150008, 160004, 170000, 150009, 160005, 170001, 180000)]
    return None if verdicts == [True] * 4 + [False] * 4 else SECRET
