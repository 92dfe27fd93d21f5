"""What a person decides about their own account: name, language, second factor, open sessions."""

from allauth.account.views import logout
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clients.people.names import what_is_wrong_with
from portal.idle import CLEARED
from portal.language import remember
from portal.pages import back, hub_page, render
from portal.wording import error_sentence
from tenants.models import Person
from tenants.signin_log import end_session


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """The two things others see of a person, or hear from us in."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of pages and letters"), choices=settings.LANGUAGES)

    class Meta:
        model = Person
        fields = ("name", "language")

    def clean_name(self) -> str:
        """Others get letters with this name in them."""
        name = str(self.cleaned_data["name"])
        if wrong := what_is_wrong_with(name):
            raise forms.ValidationError(error_sentence(wrong))
        return name


@hub_page
def account(request: HttpRequest) -> HttpResponse:
    """The account, with its security at a glance."""
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        messages.success(request, _("Saved."))
        return remember(back(reverse("account")), person.language)
    context = {
        "form": form,
        "second_factor": is_mfa_enabled(request.user),
        "sessions": UserSession.objects.filter(user=request.user).count(),
    }
    return render(request, "hub/account.html", context)


def sign_out(request: HttpRequest) -> HttpResponse:
    """allauth's page and press; afterwards the browser keeps nothing of what it was shown."""
    response: HttpResponse = logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = CLEARED
    return response


@require_POST
@hub_page
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions, wherever it is, and have the log say so."""
    assert isinstance(request.user, Person)  # `hub_page` sent everybody else to sign in
    end_session(person=request.user, session_id=pk)
    messages.success(request, _("That session is ended."))
    return back(reverse("usersessions_list"))
