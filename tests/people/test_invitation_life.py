"""The life of invitations in two brands, driven at random against a model that fits on one page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actions import accept_invitation, end_membership, invite_brand_person, revoke_invitation
from clients.people.actor import Actor
from clients.people.steps import write_letter
from tenants import invitations
from tenants.errors import Conflict, Missing, RelaisError
from tenants.ids import uuid7
from tenants.models import Invitation, Membership, Person
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import BrandRef
from tests.conftest import make_person
from tests.people.acting import acting, again, holds, live

ROLES = sorted(ROLES_OF[Side.BRAND])


@dataclass
class Asked:
    """One invitation as the model knows it. `link` is the only letter that opens it."""

    id: UUID
    brand: int
    who: int
    role: Role
    until: datetime
    closed: str = ""
    link: str = ""

    def state(self, now: datetime) -> str:
        return self.closed or ("invitation_expired" if self.until <= now else "")


class InvitationLife(RuleBasedStateMachine):
    """Two brands, three people, links that lie around. Whatever happens, only an open invitation lets its own person in."""

    brands: tuple[BrandRef, BrandRef]
    links: Bundle = Bundle("links")

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=timezone.get_default_timezone()), tick=False)
        self.time = self.clock.start()
        self.owners: list[Actor] = [acting(brand, Role.BRAND_OWNER) for brand in self.brands]
        self.people = [make_person(email=f"{uuid7().hex}@example.org") for _ in range(3)]
        self.asked: list[Asked] = []
        self.places: dict[tuple[int, int], Role] = {}

    def owner(self, brand: int) -> Actor:
        """The owner, having just proved who they are."""
        return again(Person.objects.get(pk=self.owners[brand].person_id), self.brands[brand])

    def answered(self, code: str, expected: str) -> None:
        assert code == expected

    @rule(brand=st.integers(0, 1), who=st.integers(0, 2), role=st.sampled_from(ROLES))
    def invite(self, brand: int, who: int, role: Role) -> None:
        try:
            made = invite_brand_person(actor=self.owner(brand), email=self.people[who].email, role=role)
        except Conflict as conflict:
            self.answered(conflict.code, "already_member" if (brand, who) in self.places else "")
            return
        assert (brand, who) not in self.places
        for former in self.asked:
            if (former.brand, former.who) == (brand, who) and not former.state(timezone.now()):
                former.closed = "invitation_revoked"
        self.asked.append(Asked(made, brand, who, role, timezone.now() + timedelta(days=7)))

    @rule(target=links, brand=st.integers(0, 1), pick=st.integers(0, 30))
    def write_a_letter(self, brand: int, pick: int) -> object:
        if not self.asked:
            return multiple()
        asked = self.asked[pick % len(self.asked)]
        letter = write_letter(self.brands[brand], asked.id)
        if brand != asked.brand or asked.state(timezone.now()):
            assert letter is None
            return multiple()
        assert letter is not None
        assert (letter.email, letter.role) == (self.people[asked.who].email, asked.role)
        asked.link = letter.token
        return letter.token

    @rule(link=st.one_of(links, consumes(links)), who=st.integers(0, 2))
    def accept(self, link: str, who: int) -> None:
        asked = next((one for one in self.asked if one.link == link), None)
        expected = self._what_accepting_says(asked, who)
        try:
            actor = accept_invitation(
                person=self.people[who], token=link, via=EntryPoint.MAIL_LINK, holds_mandate=holds
            )
        except RelaisError as error:
            self.answered(error.code, expected)
            return
        assert asked is not None
        assert expected == ""
        assert (actor.brand, actor.role) == (self.brands[asked.brand], asked.role)
        asked.closed = "invitation_used"
        self.places[asked.brand, who] = asked.role

    def _what_accepting_says(self, asked: Asked | None, who: int) -> str:
        if asked is None:
            return "invitation"
        if state := asked.state(timezone.now()):
            return state
        if asked.who != who:
            return "other_address"
        return "already_member" if (asked.brand, who) in self.places else ""

    @rule(link=links, who=st.integers(0, 2))
    def accept_in_the_other_brand(self, link: str, who: int) -> None:
        asked = next((one for one in self.asked if one.link == link), None)
        if asked is None:
            return
        with pytest.raises(Missing, match="invitation"):
            invitations.accept(self.brands[1 - asked.brand].id, link, self.people[who], timezone.now())

    @rule(brand=st.integers(0, 1), pick=st.integers(0, 30))
    def revoke(self, brand: int, pick: int) -> None:
        if not self.asked:
            return
        asked = self.asked[pick % len(self.asked)]
        try:
            revoke_invitation(actor=self.owner(brand), invitation_id=asked.id)
        except Missing:
            assert brand != asked.brand or asked.state(timezone.now())
            return
        assert brand == asked.brand
        assert not asked.state(timezone.now())
        asked.closed = "invitation_revoked"

    @rule(brand=st.integers(0, 1), who=st.integers(0, 2))
    def end(self, brand: int, who: int) -> None:
        try:
            end_membership(actor=self.owner(brand), person_id=self.people[who].pk)
        except Missing:
            assert (brand, who) not in self.places
            return
        del self.places[brand, who]

    @rule(days=st.integers(1, 4))
    def wait(self, days: int) -> None:
        self.time.shift(timedelta(days=days))

    @invariant()
    def people_stand_where_the_model_says(self) -> None:
        for number, brand in enumerate(self.brands):
            ours = {person.pk for person in self.people}
            found = {pk: role for pk, role in live(brand).items() if pk in ours}
            assert found == {self.people[who].pk: role for (at, who), role in self.places.items() if at == number}

    @invariant()
    def as_many_came_in_as_links_were_used_up(self) -> None:
        used = sum(one.closed == "invitation_used" for one in self.asked)
        ids = [one.id for one in self.asked]
        assert Invitation.objects.filter(pk__in=ids).exclude(accepted_at=None).count() == used
        assert Membership.objects.filter(person__in=self.people).count() == used

    def teardown(self) -> None:
        Invitation.objects.filter(accepted_at=None).update(revoked_at=timezone.now())
        self.clock.stop()


def test_the_life_of_invitations(brand_a: BrandRef, brand_b: BrandRef) -> None:
    machine = type("Life", (InvitationLife,), {"brands": (brand_a, brand_b)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
