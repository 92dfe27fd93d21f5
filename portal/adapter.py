"""What allauth asks us: who may sign up (nobody: people come by invitation), where to go afterwards, in which language."""

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from portal.language import remember
from portal.links import is_ours
from tenants.signin_log import end_session


class AccountAdapter(DefaultAccountAdapter):
    """Closed doors, our own hosts, and letters in the language of whoever reads them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account begins with an invitation."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """`next` leads to the hub or to a brand, never elsewhere."""
        return bool(url) and is_ours(str(url))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor proves themselves with it: whoever knows only the password is not yet that person."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [m for m in methods if m["id"] != "reauthenticate"] or methods

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        """The person's language follows them to a new device."""
        response = super().post_login(request, user, **options)
        return remember(response, user.language)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """What somebody changed about coming in: allauth forgets whom it is for, and `send_mail` asks for their language."""
        super().send_notification_mail(template_prefix, user, {"user": user} | (context or {}), email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the person; where nobody is known, in that of the installation."""
        person = context.get("user")
        language = getattr(person, "language", "") or settings.LANGUAGE_CODE
        with translation.override(language):
            super().send_mail(template_prefix, email, context)


class SessionsAdapter(DefaultUserSessionsAdapter):
    """'End all the others': each of them leaves its line, like one that is ended alone."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        for session in sessions:
            end_session(person=session.user, session_id=session.pk)
