"""What customer systems say beside a conversation and beside a member: tickets and leads; links, facts, consents, a timeline."""

from typing import Any

from clients.community.models import Member
from clients.crm.queries import consents_of, contacts_of_member, facts_of, systems, tickets_of, timeline_of
from clients.crm.rules import TicketKind, TicketState
from clients.custody.models import Conversation
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.crm_fields import field_word
from portal.times import when
from portal.wording import badge, word
from portal.wording.crm import TICKET_STATES, TICKETS


def beside_conversation(actor: Actor, found: Conversation) -> dict[str, Any]:
    """What `components/crm_tickets.html` shows. Nothing at all where no system is connected."""
    connected = list(systems())
    holds = may(actor.role, Verb.CONVERSATION_HOLD)
    return {
        "crm_systems": [(str(one.pk), one.name) for one in connected] if holds else [],
        "crm_kinds": [(str(kind), word(TICKETS, kind)) for kind in TicketKind],
        "crm_tickets": [
            {
                "id": one.pk,
                "title": one.title,
                "kind": word(TICKETS, one.kind),
                "state": badge(TICKET_STATES, one.state),
                "system": one.system.name,
                "number": one.external_id,
                "said": one.said,
                "at": when(one.at),
                "may_withdraw": holds and one.state == TicketState.WAITING,
            }
            for one in tickets_of(actor, found.pk)[:20]
        ],
    }


def beside_member(actor: Actor, member: Member) -> dict[str, Any]:
    """What `components/crm_member.html` shows: which systems know them, what each said, consents, what happened there."""
    linked = list(contacts_of_member(actor, member))
    said = list(facts_of(actor, [one.pk for one in linked]))
    return {
        "crm_linked": [
            {
                "id": one.pk,
                "system": one.system.name,
                "number": one.external_id,
                "since": when(one.linked_at),
                "facts": [(field_word(f.field), f.value) for f in said if f.contact_id == one.pk and f.value],
            }
            for one in linked
        ],
        "crm_consents": [(one.purpose, one.state == "given", when(one.at)) for one in consents_of(member)],
        "crm_timeline": [(when(one.happened_at), one.title) for one in timeline_of(actor, member.pk)[:20]],
        "crm_may_unlink": may(actor.role, Verb.CRM_WRITE),
    }
