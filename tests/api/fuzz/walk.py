"""The quickstart, walked by a client that was generated from the description: nothing of it was written by hand."""

import importlib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings

from clients.gate.models import Receipt
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, api_of
from tests.world import World

PACKAGE = "relais_generated_client"
PATIENCE = httpx.Timeout(120)


@dataclass
class Generated:
    """The package in the folder it was generated into: `call('items', 'create_items')`, `model('CreateItemsBody')`."""

    root: Path

    def call(self, tag: str, name: str) -> Any:
        return importlib.import_module(f"{PACKAGE}.api.{tag}.{name}").sync_detailed

    def model(self, name: str) -> Any:
        return getattr(importlib.import_module(f"{PACKAGE}.models"), name)

    def client(self, api: Api, port: int) -> Any:
        made = importlib.import_module(f"{PACKAGE}.client").AuthenticatedClient
        host = f"{api.brand.slug}.{settings.HUB_HOST}:{port}"
        return made(
            base_url=f"http://127.0.0.1:{port}/api/v1", token=api.secret, headers={"Host": host}, timeout=PATIENCE
        )


def walk(document: dict[str, Any], world: World, api: Api, port: int) -> str:
    """'' when it came through; else where it stopped, and what it was told there."""
    with tempfile.TemporaryDirectory(prefix="relais-client-") as folder:
        trouble = generate(document, Path(folder))
        if trouble:
            return trouble
        sys.path.insert(0, folder)
        try:
            return _walked(Generated(Path(folder)), world, api, port)
        finally:
            sys.path.remove(folder)


def generate(document: dict[str, Any], folder: Path) -> str:
    """'' when every operation got its function; else what the generator said."""
    place = folder / "openapi.json"
    place.write_text(json.dumps(document))
    program = str(Path(sys.executable).with_name("openapi-python-client"))
    command = [program, "generate", "--path", str(place), "--output-path", str(folder / PACKAGE), "--meta", "none"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    return said[-1500:] if done.returncode or "Endpoint will not be generated" in said else ""


def _walked(made: Generated, world: World, api: Api, port: int) -> str:
    """A draft by a manager's key; what an agency brought, approved by the owner's; and both receipts."""
    owner, manager = made.client(api, port), made.client(api_of(world, Role.BRAND_MANAGER), port)
    channels = made.call("channels", "list_channels")(client=manager, fields="id,name,kinds")
    if channels.status_code != 200:
        return _stopped("channels", channels)
    wall = next(one for one in channels.parsed.data if one.name == "Le mur")
    body = made.model("CreateItemsBody").from_dict(
        {"kind": "publish", "channels": [str(wall.id)], "text": "Des fraises dès samedi.", "title": "Fraises"}
    )
    create = made.call("items", "create_items")
    first = create(client=manager, body=body, idempotency_key="draft-1")
    again = create(client=manager, body=body, idempotency_key="draft-1")
    if first.status_code != 201 or first.content != again.content:
        return _stopped("items", first if first.status_code != 201 else again)
    submit = made.model("SubmitItemsBody").from_dict({"digest": first.parsed.digest})
    sent = made.call("items", "submit_items")(first.parsed.id, client=manager, body=submit)
    if sent.status_code != 200:
        return _stopped("submit", sent)
    theirs = world.submitted("Une brioche.", title="Brioche")
    assert theirs.version is not None
    waiting = made.call("approvals", "get_approvals")(theirs.pk, client=owner)
    yes = made.model("ApproveApprovalsBody").from_dict({"digest": waiting.parsed.digest})
    said = made.call("approvals", "approve_approvals")(theirs.pk, client=owner, body=yes)
    if said.status_code != 200 or str(said.parsed.state) != "cleared":
        return _stopped("approve", said)
    if str(sent.parsed.state) in {"waiting", "in_veto"}:
        made.call("approvals", "approve_approvals")(first.parsed.id, client=owner, body=submit_as_yes(made, first))
    world.run_outbox("gate.send")
    return _receipts(made, world, owner, [first.parsed.id, theirs.pk])


def submit_as_yes(made: Generated, draft: Any) -> Any:
    return made.model("ApproveApprovalsBody").from_dict({"digest": draft.parsed.digest})


def _receipts(made: Generated, world: World, owner: Any, items: list[Any]) -> str:
    for item in items:
        found = made.call("receipts", "list_receipts")(client=owner, item=item)
        if found.status_code != 200 or len(found.parsed.data) != 1:
            return _stopped(f"receipts of {item}", found)
        with brand_scope(world.brand):
            kept = Receipt.objects.get(item_id=item)
        if found.parsed.data[0].digest != kept.content_digest:
            return f"receipt of {item}: another digest"
    return ""


def _stopped(where: str, answer: Any) -> str:
    return f"stopped at {where}: {answer.status_code} {answer.content[:300]!r}"
