"""Moderation in a real browser: its pages on a telephone and on a desk, in both languages."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from clients.gate.actions import approve_item
from clients.items.models import Item
from clients.moderation.actions import ask_acts, begin_raid, decide_calm, record_appeal
from clients.moderation.models import Act, Evidence
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.moderation.conftest import comment, manager, publish_rules
from tests.portal.browser.conftest import SCREENS, Open
from tests.portal.browser.faults import faults_of
from tests.portal.browser.test_inbox import by_hosts
from tests.proof._stage import picture
from tests.world import World

PICTURES = os.environ.get("PICTURES_OF_MODERATION", "")


def filled(world: World) -> tuple[Act, Act]:
    """Something hidden with an appeal, something that waits to be deleted, a raid, something let be."""
    publish_rules(world)
    hide, delete = ask_acts(
        manager(world),
        mention_id=comment(world, "Vous êtes tous nuls, fermez boutique et changez de métier.").pk,
        acts=["hide", "delete"],
        rule="1",
        why="Insulte",
        picture=picture("preuve"),
        declared="image/png",
    )
    world.run_outbox("gate.send", "moderation.follow")
    with brand_scope(world.brand):
        item = Item.objects.select_related("version").get(pk=delete.item_id)
    assert item.version is not None
    approve_item(world.approver, item_id=item.pk, seen_digest=item.version.digest)
    owner = world.people[Role.BRAND_OWNER].pk
    record_appeal(manager(world), case_id=hide.case_id, words="C’était de l’humour.", to_person=owner)
    begin_raid(manager(world), mention_ids=[comment(world, f"Vague {n}").pk for n in range(3)], rule="1")
    return hide, delete


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_pages_of_moderation(world: World, site: str, open_as: Open, language: str, width: int) -> None:
    hide, _delete = filled(world)
    mention = comment(world, "x" * 150 + " et des mots", author="\u202egnp.exe")
    end = timezone.now() + timedelta(days=1)
    decide_calm(manager(world), kind="let_talk", reason="Ils se parlent.", until=end, mention_id=mention.pk)
    with brand_scope(world.brand):
        evidence = Evidence.objects.get(case=hide.case_id)
    window, brand = open_as(world.people[Role.BRAND_OWNER], language, width), by_hosts(world, site)
    paths = (
        "/moderation/",
        f"/moderation/{hide.case_id}/",
        f"/moderation/{hide.case_id}/evidence/{evidence.pk}/",
        "/moderation/raid",
        f"/inbox/{mention.pk}/moderate",
        f"/inbox/{mention.pk}/",
    )
    faults: dict[str, list[str]] = {}
    for place, path in enumerate(paths):
        page = window.new_page()
        found = faults_of(page, brand + path, width)
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{PICTURES}/{place}-{language}-{width}.png", full_page=True)
        page.close()
        if found:
            faults[path] = found
    assert faults == {}
