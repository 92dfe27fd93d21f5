"""The hub's addresses: signing in, one's account, and what waits over all brands.

Of allauth's pages only those are mounted that an invited person needs: nobody signs up, and nobody changes the address
that was invited.
"""

from allauth.account import urls as account_urls
from django.urls import include, path

from portal import account, failures, journeys, language, mailbox
from portal.hub import conversations, inbox, invitations, reports, work

NOT_OURS = {"account_email", "account_confirm_email", "account_email_verification_sent", "account_set_password"}
WRAPPED = {"account_logout"}
SIGN_IN = [route for route in account_urls.urlpatterns if route.name not in NOT_OURS | WRAPPED]

urlpatterns = [
    path("", work.work, name="hub"),
    path("brands/inbox", inbox.inbox, name="hub_inbox"),
    path("brands/conversations", conversations.conversations, name="hub_conversations"),
    path("brands/reports", reports.reports, name="hub_reports"),
    path("switcher", work.switcher, name="switcher"),
    path("language", language.choose, name="language"),
    path("me/", account.account, name="account"),
    path("me/sessions/<int:pk>/end", account.session_end, name="session_end"),
    path("me/sessions/", include("allauth.usersessions.urls")),
    path("me/security/", include("allauth.mfa.urls")),
    path("account/logout/", account.sign_out, name="account_logout"),
    path("account/", include(SIGN_IN)),
    path("invitation/<str:token>/", invitations.accept, name="invitation"),
    path("channels/back/<slug:issuer>", journeys.come_back, name="channel_back"),
    path("mailbox", mailbox.mailbox, name="mailbox"),
]

handler400, handler403, handler404, handler500 = (
    failures.bad_request,
    failures.forbidden,
    failures.not_found,
    failures.broken,
)
