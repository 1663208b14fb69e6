"""The door of the admin: password, then the code of who has a second factor."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import compare_digest
from typing import Any, cast

from axes.helpers import get_lockout_response
from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME, login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, RedirectURLMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from config.people.lockout import count_wrong_code, is_locked_out
from config.people.second_factor import SHOWN_FOR, has_factor, take_code

HALF_WAY = "half_signed_in"
PATIENCE = timedelta(minutes=5)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SignIn(LoginView):
    template_name = "admin/login.html"
    authentication_form = AdminAuthenticationForm
    next_page = "admin:index"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if not has_factor(user):
            return super().form_valid(form)
        self.request.session[HALF_WAY] = {
            "user": user.pk,
            "backend": getattr(user, "backend", ""),
            "hash": user.get_session_auth_hash(),
            "at": timezone.now().isoformat(),
        }
        address = f"{reverse('sign_in_code')}?{urlencode({'next': self.get_success_url()})}"
        return HttpResponseRedirect(address)


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "GET" and admin.site.has_permission(request):
        return redirect("admin:index")
    context = {
        **admin.site.each_context(request),
        "title": _now("Log in"),
        "subtitle": None,
        "app_path": request.get_full_path(),
        "username": request.user.get_username(),
    }
    if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
        context[REDIRECT_FIELD_NAME] = reverse("admin:index")
    return cast(HttpResponse, SignIn.as_view(extra_context=context)(request))


@method_decorator([never_cache, sensitive_post_parameters("code")], name="dispatch")
class SignInCode(RedirectURLMixin, View):
    next_page = "admin:index"

    def get(self, request: HttpRequest) -> HttpResponse:
        user = half_signed_in(request, timezone.now())
        return redirect("admin:login") if user is None else self._ask(CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        user, form = half_signed_in(request, now), CodeForm(request.POST)
        if user is None:
            return redirect("admin:login")
        if is_locked_out(request, user):
            request.session.pop(HALF_WAY, None)
            return cast(HttpResponse, get_lockout_response(request))
        if not form.is_valid():
            return self._ask(form)
        if not take_code(user, form.cleaned_data["code"], now):
            count_wrong_code(request, user)
            form.add_error("code", _now("This code is wrong or was used before. Wait for the next one."))
            return self._ask(form)
        return self._let_in(user)

    def _let_in(self, user: User) -> HttpResponse:
        waiting = self.request.session.pop(HALF_WAY)
        login(self.request, user, backend=waiting["backend"])
        self.request.session[SHOWN_FOR] = user.pk
        return HttpResponseRedirect(self.get_success_url())

    def _ask(self, form: CodeForm) -> HttpResponse:
        context: dict[str, Any] = {
            **admin.site.each_context(self.request),
            "title": _now("Code of your second factor"),
            "form": form,
            "next": self.get_redirect_url(),
        }
        return TemplateResponse(self.request, "admin/sign_in_code.html", context)


def half_signed_in(request: HttpRequest, now: datetime) -> User | None:
    """Whose password was right a moment ago; not when it was changed, or the user closed, meanwhile."""
    waiting = request.session.get(HALF_WAY)
    if not waiting or now - datetime.fromisoformat(waiting["at"]) > PATIENCE:
        return None
    user = User.objects.filter(pk=waiting["user"], is_active=True, is_staff=True).first()
    if user is None or not compare_digest(waiting["hash"], user.get_session_auth_hash()):
        return None
    return user
