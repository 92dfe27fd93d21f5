"""The form in which an agency fills in a channel: of what the brand asked it for, and of nothing else."""

import base64

from clients.channels.actions import connect_channel, invite_to_connect
from tenants.vocabulary import Role
from tests.portal.conftest import Browse
from tests.world import World

ENDPOINT = "https://hooks.example/T0/XXSECRET"


def test_an_agency_reads_no_settings_of_a_channel_it_was_not_asked_for(world: World, browse: Browse) -> None:
    key = "whsec_" + base64.b64encode(b"k" * 32).decode()
    settings = {"endpoint": ENDPOINT, "signing_secret": key}
    theirs = connect_channel(actor=world.owner, kind="webhook", name="Theirs", settings=settings)
    asked = invite_to_connect(actor=world.owner, kind="webhook", name="Asked")
    agency = browse(world.people[Role.AGENCY_MANAGER], world.brand)
    refused = agency.get(f"/channels/{theirs.pk}/fill")
    assert refused.status_code == 409
    assert b"XXSECRET" not in refused.content
    assert agency.get(f"/channels/{asked.pk}/fill").status_code == 200
    owner = browse(world.people[Role.BRAND_OWNER], world.brand)
    assert b"XXSECRET" not in owner.get(f"/channels/{theirs.pk}/fill").content, "an address to call is a key"
    for page in (owner.get("/channels/").content, str(dict(owner.session)).encode()):
        assert b"XXSECRET" not in page
    assert b"hooks.example" in owner.get("/channels/").content


def test_an_address_that_is_a_key_is_not_kept_over_a_proof(world: World, browse: Browse) -> None:
    owner = browse(world.people[Role.BRAND_OWNER], world.brand)
    form = {"name": "Crochet", "endpoint": ENDPOINT, "signing_secret": "whsec_x"}
    away = owner.post("/channels/connect/webhook", form)
    assert away.status_code == 303 and "reauthenticate" in away["Location"]
    assert "XXSECRET" not in str(dict(owner.session)) and "Crochet" in str(dict(owner.session))
