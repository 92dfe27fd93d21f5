"""Reports through a key: what they say, their file, to whom they go, by which rule; each allowed and refused from one set-up."""

import json
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.once import digest_of
from api.resources import report_contents
from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import FIELDS, InfoClass
from clients.people.actor import process_of
from clients.repeats.models import Repeat
from portal.links import brand_url
from reports.facts.canonical import canonical
from reports.facts.periods import PeriodKind, period_of, today
from reports.making.access import bytes_of_paper, facts_of
from reports.making.actions import ask_report, make_report
from reports.making.models import Edition, Report, ReportRule
from reports.sharing.actions import add_reader, release_report, share_report, withdraw_report
from reports.sharing.copies import Copy, checked_file
from reports.sharing.models import Reader, Share
from reports.sharing.worded import copy_for
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, allow, answered_by, api_of
from tests.triage.conftest import said
from tests.world import World

NAMED, BRAND, SHARED = InfoClass.NAMED, InfoClass.BRAND, InfoClass.SHARED
PASSWORD = "douze mots de passe"


def made(world: World, *sections: str, is_out: bool = True, **more: Any) -> Report:
    """A report of this week, by the brand's owner."""
    zone = world.brand.time_zone
    week = period_of(PeriodKind.WEEK, today(timezone.now(), zone), zone)
    given = {"kind": "custom", "language": "en", "sections": sections or ("talk", "insights")} | more
    report = ask_report(world.owner, period=week, **given)
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    if is_out:
        release_report(world.owner, report_id=report.pk)
    return report


def editions(world: World, report: Report) -> dict[str, tuple[Edition, dict[str, Any], bytes]]:
    """By ceiling: the edition, the facts that are attached to its file, and their bytes."""
    found = {}
    with brand_scope(world.brand):
        for one in Edition.objects.filter(report=report).select_related("paper"):
            with pikepdf.open(BytesIO(bytes_of_paper(one))) as pdf:
                files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
            attached = next(raw for name, raw in files.items() if name.endswith(".json"))
            assert attached == canonical(facts_of(one))
            found[str(one.ceiling)] = (one, json.loads(attached), attached)
    return found


def lines(world: World, **more: Any) -> list[Disclosure]:
    with brand_scope(world.brand):
        told = Disclosure.objects.filter(object_kind="reports.report", way="api", **more).exclude(digest="")
        return list(told.order_by("at", "id"))


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("most", [SHARED, NAMED])
def test_facts_are_to_the_byte_what_is_attached_and_no_stricter_than_the_policy(world: World, most: InfoClass) -> None:
    said(world.brand, "Pour tous")
    said(world.brand, "Entre nous", info_class=NAMED)
    report = made(world, is_out=False)
    found, api = editions(world, report), api_of(world, policy=allow(world, most=most))
    reads = "brand" if most is NAMED else "shared"
    edition, data, attached = found[reads]
    assert data["withheld"] == (0 if most is NAMED else 1)
    answer = api.get(f"reports/{report.pk}/facts")
    assert (answer.status_code, answer.content) == (200, attached)
    assert (answer["Cache-Control"], answer["Vary"]) == ("no-store", "Authorization")
    (line,) = lines(world)
    assert (line.info_class, line.digest, line.object_ids) == (edition.info_class, edition.digest, [str(report.pk)])
    assert (line.recipient_kind, line.recipient_id, line.why) == ("key", api.key.pk, "asked_by_program")
    with brand_scope(world.brand):
        read = Entry.objects.filter(verb="read", subject_id=report.pk)
        assert read.count() == (1 if most is NAMED else 0), "from `named` upward a reading stands in the log, too"
    assert api.get(f"reports/{report.pk}/facts", If_None_Match=answer["ETag"]).status_code == 304
    assert len(lines(world)) == 2


def test_what_the_brand_keeps_to_itself_is_in_no_facts_and_counted(world: World) -> None:
    said(world.brand, "Pour tous")
    said(world.brand, "GEHEIM", info_class=BRAND)
    report = made(world)
    found, api = editions(world, report), api_of(world)
    answer = api.get(f"reports/{report.pk}/facts")
    assert answer.content == found["shared"][2] and answer.json()["withheld"] == 1
    kept = made(world, info_class=BRAND)
    for of in (kept.pk, uuid7()):
        assert code(api.get(f"reports/{of}/facts")) == code(api.get(f"reports/{of}/paper")) == (404, "report")


def test_facts_without_what_the_policy_does_not_name(world: World) -> None:
    said(world.brand, "Pour tous")
    report = made(world)
    of = f"reports/{report.pk}/facts"
    whole = {one["key"]: one for part in api_of(world).get(of).json()["sections"] for one in part["figures"]}
    bare = api_of(world, policy=allow(world, {"reports.figure": ["numbers"]})).get(of).json()
    figures = {one["key"]: one for part in bare["sections"] for one in part["figures"]}
    assert figures == {key: one for key, one in whole.items() if not one["dimensions"]}
    assert not any(part["listings"] or part["series"] for part in bare["sections"])
    assert code(api_of(world, policy=allow(world, {"reports.report": ["title"]})).get(of)) == (403, "policy_forbids")
    assert code(api_of(world, scopes=("items:read",)).get(of)) == (403, "scope_missing")


def test_a_section_that_is_not_for_the_role_closes_facts_and_file(world: World) -> None:
    open_, log = made(world, "talk"), made(world, "talk", "proof")
    api = api_of(world)
    for role, seen in ((Role.BRAND_OWNER, 200), (Role.AUDITOR, 200), (Role.APPROVER, 403)):
        program = answered_by(world, api, role)
        for what in ("facts", "paper"):
            assert program.get(f"reports/{open_.pk}/{what}").status_code == 200, role
            assert program.get(f"reports/{log.pk}/{what}").status_code == seen, role
    contact = answered_by(world, api, Role.DEPARTMENT_CONTACT)
    assert code(contact.get(f"reports/{open_.pk}/facts")) == code(contact.get(f"reports/{open_.pk}/paper"))


def test_the_file_is_this_keys_copy_and_its_digest_is_in_the_ledger(world: World) -> None:
    said(world.brand, "GEHEIM", info_class=BRAND)
    report, api = made(world), api_of(world)
    answer = api.get(f"reports/{report.pk}/paper", Accept="application/pdf")
    assert answer.status_code == 200, answer.content[:300]
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"] == f'attachment; filename="{report.file_name}"'
    assert (answer["Cache-Control"], answer["Vary"]) == ("no-store", "Authorization")
    (line,) = lines(world)
    assert (line.digest, line.info_class) == (sha256(answer.content).hexdigest(), "shared")
    assert (line.recipient_kind, line.recipient_id) == ("key", api.key.pk)
    checked = checked_file(world.brand, answer.content)
    assert checked is not None and checked.unchanged and checked.standing == "released"
    withdraw_report(world.owner, report_id=report.pk)
    after = checked_file(world.brand, answer.content)
    assert after is not None and after.standing == "withdrawn"
    assert code(api.get(f"reports/{report.pk}/paper")) == (409, "report_not_in_this_state")
    assert api.get(f"reports/{report.pk}/facts").status_code == 200
    assert len([one for one in lines(world) if one.digest == line.digest]) == 1


def test_what_is_taken_back_while_its_copy_is_made_does_not_leave(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, api = made(world), api_of(world)

    def taken_back(*of: Any) -> Copy:
        copy = copy_for(*of)
        Report.objects.filter(pk=report.pk).update(state="withdrawn")
        return copy

    monkeypatch.setattr(report_contents, "copy_for", taken_back)
    assert code(api.get(f"reports/{report.pk}/paper")) == (409, "report_not_in_this_state")
    assert not lines(world)


def test_the_file_is_for_what_is_out_and_for_policies_that_name_it(world: World) -> None:
    draft, out = made(world, is_out=False), made(world)
    fields = {"reports.report": [one for one in FIELDS["reports.report"] if one != "paper"]}
    unnamed, figures = allow(world, fields), allow(world, {"reports.figure": ["numbers"]})
    api = api_of(world)
    assert code(api.get(f"reports/{draft.pk}/paper")) == (409, "report_not_in_this_state")
    assert code(api_of(world, policy=unnamed).get(f"reports/{out.pk}/paper")) == (403, "field_not_allowed")
    assert code(api_of(world, policy=figures).get(f"reports/{out.pk}/paper")) == (403, "policy_forbids")
    assert code(api_of(world, scopes=("items:read",)).get(f"reports/{out.pk}/paper")) == (403, "scope_missing")
    assert code(api.get(f"reports/{out.pk}/paper", Accept="text/html")) == (406, "not_acceptable")
    assert not lines(world)
    assert api.get(f"reports/{out.pk}/paper").status_code == 200


def test_nothing_of_another_brand(world: World, other: World) -> None:
    report, api = made(other), api_of(world)
    add_reader(other.owner, report_id=report.pk, person_id=other.people[Role.COMMUNITY_MANAGER].pk)
    share = share_report(other.owner, report_id=report.pk, recipient="SECRET").share
    api_of(other)("PUT", "report-rules/press", {"rhythm": "weekly"})
    with brand_scope(other.brand):
        reader = Reader.objects.get()
    for at in (f"reports/{report.pk}/facts", f"reports/{report.pk}/paper", f"report-readers/{reader.pk}"):
        assert api.get(at).status_code == 404
    assert api.get(f"report-links/{share.pk}").status_code == 404
    for name in ("report-readers", "report-links", "report-rules"):
        assert api.get(name).json()["data"] == []
        assert len(api_of(other).get(name).json()["data"]) == 1
    for name, body in (("report-readers", {"address": "a@b.example"}), ("report-links", {"recipient": "Me Blanc"})):
        said_ = api.post(name, {"report": str(report.pk), **body}, Idempotency_Key=name)
        assert code(said_) == (404, "report")
    assert api.post(f"report-links/{share.pk}/end").status_code == 404
    assert api("DELETE", f"report-readers/{reader.pk}").status_code == 404


def test_sections_are_chosen_as_in_the_builder(world: World) -> None:
    body = {"kind": "weekly", "period": "2026-W46", "language": "fr"}
    api, approver = api_of(world), answered_by(world, api_of(world), Role.APPROVER)

    def asked(program: Api, **more: Any) -> Any:
        return program.post("reports", body | more, Idempotency_Key=str(uuid7()))

    chosen = asked(api, sections=["talk", "done"])
    assert (chosen.status_code, chosen.json()["sections"]) == (201, ["done", "talk"])
    assert asked(api).json()["sections"] == []
    wrong = asked(api, sections=["press"])
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/sections")
    assert wrong.json()["errors"][0]["code"] == "unknown_section"
    assert asked(api, sections=["nope"]).json()["errors"][0]["pointer"] == "/sections/0"
    assert asked(approver, kind="custom", sections=["talk"]).status_code == 201
    assert code(asked(approver, kind="custom", sections=["talk", "proof"])) == (403, "not_allowed")


def test_readers_are_added_and_leave_before_they_are_told(world: World) -> None:
    report, api = made(world, is_out=False), api_of(world)
    auditor = answered_by(world, api_of(world), Role.AUDITOR)
    approver = answered_by(world, api_of(world), Role.APPROVER)
    cm, body = str(world.cm.person_id), {"report": str(report.pk)}

    def added(program: Api, **more: Any) -> Any:
        return program.post("report-readers", body | more, Idempotency_Key=str(uuid7()))

    assert code(added(auditor, person=cm)) == code(auditor.get("report-readers")) == (403, "not_allowed")
    first = added(approver, person=cm, delivery="attached")
    assert first.status_code == 201
    told = {name: first.json()[name] for name in ("report", "person", "address", "delivery", "told")}
    assert told == {"report": str(report.pk), "person": cm, "address": "", "delivery": "attached", "told": "waiting"}
    assert first["Location"] == f"/api/v1/report-readers/{first.json()['id']}"
    assert added(api, person=cm).json()["id"] == first.json()["id"], "whoever is a reader stays the one"
    assert code(added(api, address="a@b.example")) == (403, "outside_not_allowed")
    assert api("PUT", "report-rules/custom", {"rhythm": "never", "outside_allowed": True}).status_code == 200
    assert code(added(approver, address="a@b.example")) == (403, "not_allowed")
    assert added(api, address="a@b.example").json()["address"] == "a@b.example"
    assert added(api, address="a b").json()["errors"][0]["pointer"] == "/address"
    assert code(added(api, person=str(uuid7()))) == (404, "person")
    found = api.get(f"report-readers?report={report.pk}").json()["data"]
    assert [one["address"] for one in found] == ["a@b.example", ""]
    assert api.get(f"report-readers?report={uuid7()}").json()["data"] == []
    at = f"report-readers/{first.json()['id']}"
    assert code(auditor("DELETE", at)) == (403, "not_allowed")
    assert approver("DELETE", at).status_code == 204
    assert api.get(at).status_code == 404
    release_report(world.owner, report_id=report.pk)
    (rest,) = api.get("report-readers").json()["data"]
    assert rest["told"] == "queued"
    assert code(api("DELETE", f"report-readers/{rest['id']}")) == (409, "already_told")


def test_a_link_is_shown_once_and_never_again(world: World) -> None:
    report, draft, api = made(world), made(world, is_out=False), api_of(world)
    approver = answered_by(world, api_of(world), Role.APPROVER)
    body = {"report": str(report.pk), "recipient": "Me Blanc", "days": 3, "views": 5, "password": PASSWORD}
    assert code(approver.post("report-links", body, Idempotency_Key="a")) == (403, "not_allowed")
    assert api.post("report-links", body | {"password": "kurz"}, Idempotency_Key="b").json()["code"] == "password_short"
    refused = api.post("report-links", body | {"report": str(draft.pk)}, Idempotency_Key="c")
    assert code(refused) == (409, "report_not_in_this_state")
    made_ = api.post("report-links", body, Idempotency_Key="d")
    again = api.post("report-links", body, Idempotency_Key="d")
    assert made_.status_code == again.status_code == 201
    first, second = made_.json(), again.json()
    address = first.pop("address")
    assert first == second
    door, _, token = address.partition("#")
    assert door == brand_url(world.brand.slug, "shared") and len(token) > 20
    assert (first["recipient"], first["has_password"], first["most_views"], first["views"]) == ("Me Blanc", True, 5, 0)
    assert first["expires_at"][:10] == str((timezone.now() + timedelta(days=3)).date())
    with brand_scope(world.brand):
        assert Share.objects.count() == 1
        kept = list(Repeat.objects.values_list("body", flat=True))
    assert kept and not any(token in text or PASSWORD in text for text in kept)
    for answer in (api.get("report-links"), api.get(f"report-links/{first['id']}")):
        assert token not in answer.content.decode() and PASSWORD not in answer.content.decode()
        assert b"pbkdf2" not in answer.content and b"argon2" not in answer.content and b"address" not in answer.content
    assert approver.get("report-links").json()["data"] == [first]
    at = f"report-links/{first['id']}"
    assert code(approver.post(f"{at}/end")) == (403, "not_allowed")
    ended = api.post(f"{at}/end")
    assert ended.status_code == 200 and ended.json()["ended_at"] is not None
    assert code(api.post(f"{at}/end")) == (409, "already_ended")


def test_what_was_asked_is_kept_under_a_key_so_that_no_password_can_be_tried_out() -> None:
    actor, grant = SimpleNamespace(person_id=1, role="r"), SimpleNamespace(scopes=("s",), policy=SimpleNamespace(pk=1))
    request = RequestFactory().post("/api/v1/report-links", data=b"{}", content_type="application/json")
    request.actor, request.grant = actor, grant  # type: ignore[attr-defined]
    ours = digest_of(request)
    assert ours == digest_of(request)
    with override_settings(SECRET_KEY="another" * 8):
        assert digest_of(request) != ours


def test_a_key_that_may_only_write_is_shown_its_link_and_nothing_else(world: World) -> None:
    report = made(world)
    body = {"report": str(report.pk), "recipient": "Me Blanc"}
    writer = api_of(world, scopes=("report-readers:write",))
    told = writer.post("report-links", body, Idempotency_Key="k").json()
    assert told.keys() == {"id", "address"}
    for scope in ("reports:write", "report-readers:read", "report-rules:write"):
        other = api_of(world, scopes=(scope,))
        assert code(other.post("report-links", body, Idempotency_Key="k")) == (403, "scope_missing")
    writes = api_of(world, scopes=("report-rules:write",))("PUT", "report-rules/weekly", {"rhythm": "weekly"})
    assert writes.json() == {"kind": "weekly"}


def test_rules_are_read_and_set_by_who_may(world: World) -> None:
    api, approver = api_of(world), answered_by(world, api_of(world), Role.APPROVER)
    cm = str(world.cm.person_id)
    body = {"rhythm": "weekly", "at": "07:30", "weekday": 2, "readers": [cm], "outside_allowed": True}
    body |= {"addresses": ["me.blanc@cabinet.example"], "password": PASSWORD, "sections": ["talk", "done"]}
    assert (
        code(approver("PUT", "report-rules/weekly", body)) == code(approver.get("report-rules")) == (403, "not_allowed")
    )
    assert api.get("report-rules/weekly").status_code == 404
    done = api("PUT", "report-rules/weekly", body)
    assert done.status_code == 200, done.content
    told = done.json()
    assert (told["at"], told["weekday"], told["readers"], told["sections"]) == ("07:30", 2, [cm], ["done", "talk"])
    assert (told["has_password"], told["window"], told["releases_itself"]) == (True, 8, False)
    assert told["next_at"] is not None and "password" not in told
    assert api.get("report-rules").json()["data"] == [told] == [api.get("report-rules/weekly").json()]
    once = api("PUT", "report-rules/weekly", {"rhythm": "never"}, Idempotency_Key="r", If_Match=done["ETag"])
    again = api("PUT", "report-rules/weekly", {"rhythm": "never"}, Idempotency_Key="r", If_Match=done["ETag"])
    assert (once.status_code, once.content) == (200, again.content)
    assert (once.json()["next_at"], once.json()["has_password"], once.json()["readers"]) == (None, True, [])
    assert api("PUT", "report-rules/weekly", body, If_Match=done["ETag"]).status_code == 412
    assert api("PUT", "report-rules/weekly", {"rhythm": "never", "password": ""}).json()["has_password"] is False
    for wrong, pointer in (({"rhythm": "monthly"}, "/rhythm"), ({"rhythm": "weekly", "at": "8:00"}, "/at")):
        assert api("PUT", "report-rules/weekly", wrong).json()["errors"][0]["pointer"] == pointer
    assert api("PUT", "report-rules/daily", {"rhythm": "never"}).status_code == 404
    outside = {"rhythm": "weekly", "addresses": ["a@b.example"]}
    assert code(api("PUT", "report-rules/weekly", outside)) == (403, "outside_not_allowed")
    kept = api("PUT", "report-rules/press", {"rhythm": "weekly", "info_class": "brand"})
    assert kept.json() == {"kind": "press"}, "what a policy does not reach is not told back"
    assert [one["kind"] for one in api.get("report-rules").json()["data"]] == ["weekly"]
    with brand_scope(world.brand):
        assert ReportRule.objects.get(kind="press").info_class == "brand"


def test_readers_and_links_of_a_report_that_the_brand_keeps_are_not_told(world: World) -> None:
    kept, api = made(world, info_class=BRAND), api_of(world)
    reader = add_reader(world.owner, report_id=kept.pk, person_id=world.people[Role.APPROVER].pk)
    assert api.get("report-readers").json()["data"] == []
    assert api.get(f"report-readers/{reader.pk}").status_code == 404


@pytest.mark.parametrize("name", ["report-readers", "report-links"])
def test_as_many_queries_for_ten_as_for_two(world: World, name: str) -> None:
    report, api = made(world), api_of(world)
    people = [person.pk for role, person in world.people.items() if role is not Role.DEPARTMENT_CONTACT]

    def more(many: int) -> None:
        for _ in range(many):
            if name == "report-readers":
                add_reader(world.owner, report_id=report.pk, person_id=people.pop())
            else:
                share_report(world.owner, report_id=report.pk, recipient="Me Blanc")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"{name}?report={report.pk}&limit=200").status_code == 200
        return len(queries)

    more(2)
    asked()  # what a process learns once
    few = asked()
    more(5)
    assert asked() == few
    assert len(api.get(f"{name}?limit=200&fields=id").json()["data"]) == 7
