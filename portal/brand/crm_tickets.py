"""What is pressed beside a conversation and beside a member: asking a customer system, taking that back, unlinking a contact."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.crm.actions import open_ticket, unlink_contact, withdraw_ticket
from portal.brand.conversation_one import conversation as conversation_page
from portal.brand.members import one as member_page
from portal.pages import back, brand_act
from tenants.errors import Invalid


@brand_act(again=conversation_page)
def open_one(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    typed = request.POST
    try:
        system = UUID(typed.get("system", ""))
    except ValueError:
        raise Invalid("unknown_rule", "system") from None
    open_ticket(
        request.actor,
        conversation_id=conversation_id,
        system_id=system,
        kind=typed.get("kind", ""),
        title=typed.get("title", ""),
        text=typed.get("text", ""),
    )
    messages.success(request, _("Asked. It waits there to be fetched, and the answer stands here."))
    return back(f"{reverse('conversation', args=[conversation_id])}#tickets")


@brand_act(again=conversation_page)
def withdraw(request: HttpRequest, conversation_id: UUID, ticket_id: UUID) -> HttpResponse:
    withdraw_ticket(request.actor, ticket_id=ticket_id)
    messages.success(request, _("Withdrawn."))
    return back(f"{reverse('conversation', args=[conversation_id])}#tickets")


@brand_act(again=member_page)
def unlink(request: HttpRequest, member_id: UUID, contact_id: UUID) -> HttpResponse:
    unlink_contact(request.actor, contact_id=contact_id)
    messages.success(request, _("Unlinked. The member stays."))
    return back(reverse("member", args=[member_id]))
