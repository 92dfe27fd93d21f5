"""The briefing as pages: both sides write, agree and refuse; nothing typed is lost; the composer says what the gate will say."""

import re
from typing import Any

import pytest

from clients.briefings.actions import acknowledge_briefing, propose_briefing, remind_readers
from clients.briefings.queries import number_in_force
from clients.disclosure.rules import InfoClass
from portal.mail import Delivery, Letter
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World

OWNER, MANAGER, CM = Role.BRAND_OWNER, Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER


def number(world: World) -> int:
    with brand_scope(world.brand):
        return number_in_force()


def shared(world: World, **sections: Any) -> None:
    """The next version, with sections that both sides read."""
    classes = dict.fromkeys(sections, InfoClass.SHARED)
    propose_briefing(actor=world.owner, base=number(world), changes=sections, classes=classes, note="why")


def test_an_agency_proposes_and_the_brand_agrees_to_what_it_read(world: World, browse: Browse) -> None:
    shared(world, tone="Chaleureux et long.")
    manager, owner = (
        browse(world.people[MANAGER], world.brand, proved=True),
        browse(world.people[OWNER], world.brand, proved=True),
    )
    written = manager.post("/briefing/write", {"after": "2", "tone": "Chaleureux et court.", "note": "Plus net"})
    assert written.status_code == 303 and number(world) == 2
    page = owner.get(written["Location"]).content.decode()
    assert re.search(r"<del>.*long\..*</del>", page) and re.search(r"<ins>.*court\..*</ins>", page)
    assert "Plus net" in owner.get("/briefing/").content.decode()
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest is not None
    path = written["Location"]
    assert manager.post(f"{path}agree", {"digest": digest[1]}).status_code == 409  # said already, by proposing
    assert owner.post(f"{path}agree", {"digest": digest[1]}).status_code == 303
    assert number(world) == 3
    compared = owner.get("/briefing/versions").content.decode()
    assert "court" in compared and "<del>" in compared
    assert "Nothing that you may read differs" in owner.get("/briefing/versions?from=3&to=3").content.decode()
    assert owner.get("/briefing/versions?from=9").status_code == 404


def test_a_no_without_a_reason_keeps_the_page_and_a_stale_one_says_so(world: World, browse: Browse) -> None:
    shared(world, tone="Chaleureux.")
    manager, owner = browse(world.people[MANAGER], world.brand), browse(world.people[OWNER], world.brand, proved=True)
    path = manager.post("/briefing/write", {"after": "2", "tone": "Sec."})["Location"]
    missing = owner.post(f"{path}refuse", {"reason": " "})
    assert missing.status_code == 422 and "Please say why not" in missing.content.decode()
    other = manager.post("/briefing/write", {"after": "2", "tone": "Plus sec."})["Location"]
    assert owner.post(f"{other}refuse", {"reason": "Trop sec"}).status_code == 303
    assert "Trop sec" in manager.get(other).content.decode()
    done = propose_briefing(actor=world.owner, base=2, changes={"tone": "À nous."}, classes={"tone": InfoClass.BRAND})
    assert done.proposal is None  # the brand took it to itself
    assert manager.post(f"{path}withdraw").status_code == 303
    assert manager.get(other).status_code == 200


def test_one_more_line_keeps_what_was_typed(world: World, browse: Browse) -> None:
    owner = browse(world.people[OWNER], world.brand, proved=True)
    row = {
        "after": "1",
        "embargoes.rows": "1",
        "embargoes.0.words": "four",
        "embargoes.0.until": "demain",
        "tone": "Net",
    }
    grown = owner.post("/briefing/write", row | {"more": "embargoes"}).content.decode()
    assert 'name="embargoes.2.words"' in grown and 'value="four"' in grown and number(world) == 1
    wrong = owner.post("/briefing/write", row)
    assert wrong.status_code == 422 and 'value="demain"' in wrong.content.decode()
    assert owner.post("/briefing/write", row | {"embargoes.0.until": "2027-03-01"}).status_code == 303
    assert "03/01/2027" in owner.get("/briefing/").content.decode()


def test_who_has_not_read_is_seen_and_reminded(world: World, browse: Browse) -> None:
    owner, cm = browse(world.people[OWNER], world.brand), browse(world.people[CM], world.brand)
    assert "Remind them" in owner.get("/briefing/readers").content.decode()
    assert "Remind them by mail" not in cm.get("/briefing/readers").content.decode()
    assert cm.post("/briefing/readers/remind").status_code == 403
    assert owner.post("/briefing/readers/remind").status_code == 303
    assert owner.post("/briefing/readers/remind").status_code == 409


def test_a_reminder_is_mailed_with_a_link_and_none_of_the_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mailed: list[tuple[Letter, str]] = []

    def post(letter: Letter, address: str, language: str) -> Delivery:
        mailed.append((letter, address))
        return Delivery.DELIVERED

    monkeypatch.setattr("portal.briefing_letters.post", post)
    told = remind_readers(actor=world.owner)
    acknowledge_briefing(actor=world.approver, number=1)
    world.run_outbox("briefings.reminder")
    assert len(mailed) == told - 1  # who has read it meanwhile is left alone
    assert world.people[Role.APPROVER].email not in {address for _, address in mailed}
    assert all("/briefing/" in letter.link and "People who bake" not in str(letter) for letter, _ in mailed)


def test_the_composer_says_which_words_and_keeps_what_the_brand_keeps(world: World, browse: Browse) -> None:
    shared(world, sensitive_topics=["licencier"])
    propose_briefing(actor=world.owner, base=2, changes={"forbidden_topics": [{"words": "procès", "then": "refuse"}]})
    text = {
        "kind": "publish",
        "text": "On LICENCIERA après le procès",
        "channels": str(world.wall.pk),
        "then": "look",
    }
    cm, owner = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand)
    for path in ("/items/preview", "/items/new"):
        seen = cm.post(path, text).content.decode()
        assert "<mark>LICENCIERA</mark>" in seen and "A sensitive topic" in seen
        assert "A forbidden topic" in seen and "<mark>procès</mark>" not in seen
        assert "<mark>procès</mark>" in owner.post(path, text).content.decode()
        plain = cm.post(path, text | {"text": "Des fraises"}).content.decode()
        assert "topic:" not in plain and "forbidden topic" not in plain


def test_the_charter_says_whether_the_agency_is_prepared(world: World, browse: Browse) -> None:
    owner = browse(world.people[OWNER], world.brand)
    page = owner.get("/charter/").content.decode()
    assert "The agency is not prepared yet: " in page
    shared(world, escalation=[{"topic": "Tout", "name": "Zoé", "contact": "1"}], tone="Net")
    after = owner.get("/charter/").content.decode()
    missing = [int(re.search(r"prepared yet: (\d+) thing", text)[1]) for text in (page, after)]  # type: ignore[index]
    # Agreed, and with contacts; but who had read the version before has to read this one.
    assert missing == [4, 2]
