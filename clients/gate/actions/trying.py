"""A test over a channel that nobody but the brand sees. No act in the brand's name, so nobody approves it; see decision 0010.

INVARIANT: what leaves are the house's own words, to the address of whoever asks for it or to where no reader looks; upon a
press of a person of the brand who may connect channels; under the brake like everything else, and never against a stop.
"""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.approvals.queries import holds_in_force
from clients.approvals.rules import hold_covers
from clients.audit.actions import record
from clients.audit.models import Entry
from clients.autonomy.vocabulary import ActionKind
from clients.channels.access import access_channel, credentials_of
from clients.channels.actions import note_health
from clients.channels.labels import TEST_TEXT, TEST_TITLE
from clients.channels.models import Channel
from clients.channels.port import Outbound, SelfTest, SendFailed
from clients.channels.registry import connector_for
from clients.channels.steps import live_channel
from clients.outbox.brake import let_leave
from clients.people.access import require, require_side
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.ids import uuid7
from tenants.models import BrandPerson
from tenants.vocabulary import Side
from tenants.walls.scope import durable

AGAIN_AFTER = timedelta(minutes=1)
# What a test would be if it were an act: for a stop of one kind of act.
_KINDS = {
    SelfTest.MAIL: ActionKind.DIRECT_MESSAGE,
    SelfTest.DRAFT: ActionKind.PUBLISH,
    SelfTest.MESSAGE: ActionKind.DIRECT_MESSAGE,
}


def send_test(*, actor: Actor, channel_id: UUID) -> str:
    """Send it: '' when it went through, or the code of what failed. That it begins is committed before anything leaves.

    Raises Refused('wrong_side' | 'not_allowed'), Missing('channel'), Conflict('channel_revoked' | 'channel_not_open' |
    'cannot_test' | 'too_many_requests' | 'tested_just_now' | 'stopped').
    """
    require_side(actor, Side.BRAND)
    require(actor, Verb.CHANNEL_CONNECT)
    with durable(actor.brand):
        channel = live_channel(actor, channel_id)
        what = _permitted(actor, channel)
        _require_pause(channel)
        record(actor, "channel_test_begun", channel, test=str(what))
    with durable(actor.brand):
        let_leave(actor.brand)
        channel = access_channel(actor, channel_id)
        what = _permitted(actor, channel)
        code = _attempt(actor, channel, what)
        note_health(actor, channel.pk, code)
        record(actor, "channel_tested", channel, test=str(what), found=code)
    return code


def _permitted(actor: Actor, channel: Channel) -> SelfTest:
    """What the test does. Asked before it is noted, and once more with the brake's lock held."""
    what = channel.capabilities.self_test
    if what is None:
        raise Conflict("cannot_test")
    if not channel.is_open:
        raise Conflict("channel_not_open")
    if channel.quiet_until is not None and channel.quiet_until > timezone.now():
        raise Conflict("too_many_requests")
    about = {"channel": str(channel.pk), "kind": str(_KINDS[what]), "person": str(actor.person_id), "item": ""}
    if any(hold_covers(hold.scope, hold.value, **about) for hold in holds_in_force()):
        raise Conflict("stopped")
    return what


def _require_pause(channel: Channel) -> None:
    """With the channel's row locked: two presses at once are one test."""
    begun = Entry.objects.filter(subject_kind=channel._meta.label_lower, subject_id=channel.pk)
    if begun.filter(verb="channel_test_begun", at__gt=timezone.now() - AGAIN_AFTER).exists():
        raise Conflict("tested_just_now")


def _attempt(actor: Actor, channel: Channel, what: SelfTest) -> str:
    person = BrandPerson.objects.get(person_id=actor.somebody)
    try:
        outbound = Outbound(
            key=uuid7().hex,
            kind=_KINDS[what],
            brand_id=actor.brand.id,
            channel_id=channel.pk,
            title=str(TEST_TITLE),
            text=str(TEST_TEXT),
            recipient=person.email if what is SelfTest.MAIL else None,
            settings=channel.settings,
            secret=credentials_of(channel),
            moment=timezone.now(),
        )
        connector_for(channel.kind).self_test(outbound)
    except SendFailed as failure:
        return failure.code
    return ""
