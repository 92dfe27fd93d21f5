"""The reader's language: chosen with one press, kept in a cookie for all our hosts and with the person for their letters."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from portal.links import is_ours
from tenants.models import Person

A_YEAR = 365 * 24 * 3600
CODES = tuple(code for code, _name in settings.LANGUAGES)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Switch, remember, and go back to the page."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    response = redirect(back if is_ours(back) else "/")
    response.status_code = 303
    if language not in CODES or not check_for_language(language):
        return response
    if request.user.is_authenticated:
        Person.objects.filter(pk=request.user.pk).update(language=language)
    return remember(response, language)


def remember(response: HttpResponse, language: str) -> HttpResponse:
    """Set the cookie that LocaleMiddleware reads, on the hub and all brands."""
    if language in CODES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=A_YEAR,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
            httponly=True,
        )
    return response
