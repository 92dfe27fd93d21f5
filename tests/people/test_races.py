"""What two people do at the same moment, in real transactions: somebody wins, somebody is told, and nothing is left half done."""

from collections.abc import Callable
from threading import Barrier, Event, Thread

from django.db import connection

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actions import accept_invitation, assign_agency_person, end_membership, invite_brand_person
from clients.people.steps import end_agency_people
from tenants.errors import RelaisError
from tenants.models import Agency, AgencyMember, Membership
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, durable
from tests.conftest import make_member, make_person
from tests.people.acting import again, holds, live, token_of

Brands = tuple[BrandRef, BrandRef]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Each in a thread and a connection of its own: 'done', or the code it was refused with."""
    answers: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
            answers.append("done")
        except RelaisError as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(answers)


def test_two_owners_who_end_each_other_leave_one(real_brands: Brands) -> None:
    brand, start = real_brands[0], Barrier(2)
    one, two = (again(make_member(brand, Role.BRAND_OWNER).person, brand) for _ in range(2))

    def end(by: object, other: object) -> None:
        start.wait(10)
        end_membership(actor=by, person_id=other.person_id)

    for _ in range(5):
        Membership.objects.filter(brand_id=brand.id).update(ended_at=None)
        # Who was ended a moment ago ends nobody.
        assert at_once(lambda: end(one, two), lambda: end(two, one)) == ["done", "not_allowed"]
        assert len(live(brand)) == 1


def test_one_link_pressed_eight_times_at_once_lets_in_once(real_brands: Brands) -> None:
    brand, start = real_brands[0], Barrier(8)
    owner = again(make_member(brand, Role.BRAND_OWNER).person, brand)
    lou = make_person(email="lou@example.org")
    link = token_of(brand, invite_brand_person(actor=owner, email=lou.email, role=Role.APPROVER))

    def press() -> None:
        start.wait(10)
        accept_invitation(person=lou, token=link, via=EntryPoint.MAIL_LINK, holds_mandate=holds)

    assert at_once(*[press] * 8) == ["done"] + ["invitation_used"] * 7
    assert Membership.objects.filter(person=lou).count() == 1


def test_who_is_assigned_while_the_mandate_ends_is_not_left_behind(real_brands: Brands) -> None:
    """The assignment begins while the end is not committed yet, so a mandate asked for without the lock would still live."""
    brand = real_brands[0]
    owner = again(make_member(brand, Role.BRAND_OWNER).person, brand)
    agency = Agency.objects.create(name="Agence Lumen", slug="lumen")
    head, cm = make_member(brand, Role.AGENCY_OWNER, agency=agency).person, make_person()
    AgencyMember.objects.create(agency=agency, person=head, role=Role.AGENCY_OWNER)
    AgencyMember.objects.create(agency=agency, person=cm, role=Role.COMMUNITY_MANAGER)
    ending, asked, mandate = Event(), Event(), {"live": True}

    def end_the_mandate() -> None:
        with durable(brand):
            end_agency_people(owner, agency.pk)
            ending.set()
            asked.wait(0.5)  # the other one must not get as far as asking
            mandate["live"] = False

    def is_live(agency_id: object) -> bool:
        asked.set()
        return mandate["live"]

    def assign() -> None:
        ending.wait(10)
        assign_agency_person(
            by=head,
            brand=brand,
            agency_id=agency.pk,
            person_id=cm.pk,
            role=Role.COMMUNITY_MANAGER,
            via=EntryPoint.PAGE,
            holds_mandate=is_live,
        )

    assert at_once(end_the_mandate, assign) == ["done", "no_mandate"]
    assert live(brand) == {owner.person_id: Role.BRAND_OWNER}
