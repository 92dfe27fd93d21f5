"""A passkey, from adding it to signing in with it, with the authenticator that a real browser brings for tests."""

from playwright.sync_api import Page, expect

from tenants.vocabulary import Role
from tests.portal.browser.conftest import Open
from tests.world import World

PASSWORD = "une-phrase-de-passe-assez-longue"


def with_authenticator(page: Page) -> None:
    """A platform authenticator that keeps its keys and says yes by itself, like a finger on a phone."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_signs_in(world: World, site: str, open_as: Open) -> None:
    person = world.people[Role.APPROVER]
    person.set_password(PASSWORD)
    person.save()
    page = open_as(None).new_page()
    with_authenticator(page)

    page.goto(f"{site}/account/login/")
    page.fill("#id_login", person.email)
    page.fill("#id_password", PASSWORD)
    page.locator("form button[type=submit]").first.click()
    page.goto(f"{site}/me/security/webauthn/add/")
    page.fill("#id_password", PASSWORD)  # what changes how one signs in is confirmed once more
    page.locator("main form button[type=submit]").first.click()
    page.fill("#id_name", "Téléphone de Sophie")
    page.check("#id_passwordless")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto(f"{site}/me/security/webauthn/")
    expect(page.locator("tbody tr")).to_have_count(1)

    page.context.clear_cookies()
    page.goto(f"{site}/account/login/")
    expect(page.locator("#id_login")).to_be_visible()
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda address: "login" not in address)
    expect(page.locator("#id_login")).to_have_count(0)
    page.goto(f"{site}/me/security/webauthn/")
    expect(page.locator("tbody")).to_contain_text("Téléphone de Sophie")
