"""The log on screen: for the brand's heads and its auditor, newest first, by item and by person; every verb has its words."""

import ast
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client

from clients.approvals.words import NoticeState, VerdictKind
from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint, Outcome, WindowState
from clients.channels.port import SentState
from clients.crisis.steps.moving import TOLD as TOLD_OF_CRISES
from clients.custody.rules import Step as CustodyStep
from clients.gate.actions import approve_item, refuse_item
from clients.insights.rules import Step as InsightDone
from clients.mandates.actions.mandate import TOLD
from clients.mandates.rules import CharterState
from clients.sources.actions.keeping import DONE
from clients.triage.rules import Step
from portal.brand import log
from portal.wording.verbs import VERBS, VIAS
from reports.making.rules import NoticeState as ReportNoticeState
from reports.making.rules import Step as ReportStep
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.house.sources import sources
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

READERS = {Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.AUDITOR}
HANDED_ON = {"keep_filters", "drop_filters"}  # they record the verb that they are given
# What stands in the braces of f"item.{…}" and its like.
FILLED: dict[str, tuple[str, ...]] = {
    "gate.": tuple(Outcome),
    "item.": (VerdictKind.NO, VerdictKind.CHANGE, VerdictKind.VETO),
    "notice.": (NoticeState.DELIVERED, NoticeState.BOUNCED),
    "window.": (WindowState.LAPSED, WindowState.BOUNCED),
    "act.seen_": (SentState.EDITED, SentState.GONE),
    "charter.": (CharterState.DECLINED, CharterState.WITHDRAWN),
    "session.": ("left", "ended"),
    "source.": tuple(DONE.values()),
    "mention.": tuple(Step),
    "conversation.": tuple(CustodyStep),
    "insight.": tuple(InsightDone),
    "report.": tuple(ReportStep),
    "report.notice_": (ReportNoticeState.DELIVERED, ReportNoticeState.BOUNCED),
}


def timeline(client: Client, address: str) -> str:
    """The lines alone: the form above them names every act there is."""
    return client.get(address).content.decode().partition('<ol class="timeline">')[2]


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_the_log(world: World, browse: Browse, role: Role) -> None:
    world.submitted("Bonjour", title="Titre")
    client = browse(world.people[role], world.brand)
    answer = client.get("/log/")
    assert answer.status_code == (200 if role in READERS else 403)
    assert ("submitted an item" in timeline(client, "/log/")) is (role in READERS)
    assert ('href="/log/"' in client.get("/").content.decode()) is (role in READERS)


def test_newest_first_by_item_and_by_person(world: World, browse: Browse) -> None:
    one, two = (world.submitted(f"Texte {n}", title=f"Titre {n}") for n in (1, 2))
    approve_item(world.owner, item_id=one.pk, seen_digest=one.version.digest)
    refuse_item(world.approver, item_id=two.pk, seen_digest=two.version.digest)
    client = browse(world.people[Role.AUDITOR], world.brand)
    page = timeline(client, "/log/")
    assert page.index("refused this content") < page.index("approved exactly this content")
    assert f'<a href="/items/{one.pk}/">Titre 1</a>' in page and "brand owner" in page and "on a page" in page
    of_item = timeline(client, f"/log/?item={one.pk}")
    assert "approved exactly" in of_item and "refused this" not in of_item
    of_person = timeline(client, f"/log/?person={world.people[Role.APPROVER].pk}")
    assert "refused this" in of_person and "approved exactly" not in of_person
    assert "No entry" in client.get(f"/log/?item={one.pk}&person={world.people[Role.ANALYST].pk}").content.decode()


def test_older_entries_page_by_page(world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "A_PAGE", 4)
    client = browse(world.people[Role.AUDITOR], world.brand)
    client.get("/log/")  # which is a line itself, the first time
    with brand_scope(world.brand):
        ids = [str(pk) for pk in Entry.objects.order_by("-at", "-id").values_list("pk", flat=True)]
    first = client.get("/log/")
    assert len(first.context["lines"]) == 4
    assert first.context["older"] == f"before={ids[3]}"
    second = client.get(f"/log/?{first.context['older']}")
    assert len(second.context["lines"]) == min(4, len(ids) - 4)
    assert "Newest" in second.content.decode()
    assert client.get(f"/log/?before={ids[-1]}").context["lines"] == []


@pytest.mark.parametrize("query", ["item=x", "person=1;drop", f"before={UUID(int=7)}"])
def test_what_is_no_id_names_nothing(world: World, browse: Browse, query: str) -> None:
    assert browse(world.people[Role.AUDITOR], world.brand).get(f"/log/?{query}").status_code == 404


def test_same_queries_for_one_and_three_and_nothing_of_the_other_brand(
    world: World, other: World, browse: Browse
) -> None:
    theirs = other.submitted("SECRET", title="SECRET title")
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    world.submitted("Texte 1", title="Titre 1")
    client.get("/log/")
    one, page = queries_of(client, "/log/")
    for n in (2, 3):
        world.submitted(f"Texte {n}", title=f"Titre {n}")
    three, full = queries_of(client, "/log/")
    assert one == three
    assert "Titre 3" in full and "SECRET" not in page + full and other.brand.name not in full
    assert "No entry" in client.get(f"/log/?item={theirs.pk}").content.decode()


def test_every_verb_recorded_has_its_words() -> None:
    recorded = set(verbs_recorded())
    assert len(recorded) > 55
    assert recorded == set(VERBS)
    assert {str(via) for via in EntryPoint} == set(VIAS)


def verbs_recorded() -> Iterator[str]:
    """The second argument of every `record(` and `add_line(` in the sources, with every value that may stand in its braces."""
    for source in sources():
        for node in ast.walk(source.tree):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in {"record", "add_line"}
                and len(node.args) > 1
            ):
                yield from spelled(node.args[1])
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in HANDED_ON:
                yield from (str(ast.literal_eval(word.value)) for word in node.keywords if word.arg == "verb")


def spelled(verb: ast.expr) -> Iterator[str]:
    if isinstance(verb, ast.Constant):
        yield str(verb.value)
    elif isinstance(verb, ast.JoinedStr):
        start = verb.values[0]
        assert isinstance(start, ast.Constant)
        yield from (f"{start.value}{filling}" for filling in FILLED[str(start.value)])
    elif isinstance(verb, ast.IfExp):
        yield from (*spelled(verb.body), *spelled(verb.orelse))
    elif ast.unparse(verb) != "verb":  # handed on: HANDED_ON
        assert ast.unparse(verb).startswith("TOLD["), ast.unparse(verb)
        yield from (*TOLD.values(), *TOLD_OF_CRISES.values())
