"""Tokens: made here, shown once, replaced, revoked."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from raffles.api.actions import make_token, revoke_token, rotate_token
from raffles.api.admin.forms import MakeTokenForm, ReplaceForm
from raffles.api.models import Token
from raffles.api.scopes import Scope
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import badge, list_url, moment, page_url
from raffles.sales.errors import Refusal
from raffles.sales.rights import require_decision
from raffles.sales.sight import add_belonging

MANAGE = "api.manage_token"

# Who sees some raffles only sees the tokens that act for them.
add_belonging(Token, lambda user, _orders: Q(client__user=user))


@admin.register(Token)
class TokenAdmin(RecordPage[Token]):
    list_display = ("__str__", "client", "acts_for", "state", "scopes_shown", "ends", "last_used")
    list_filter = ("revoked_at",)
    search_fields = ("prefix", "client__name", "client__user__username")
    list_select_related = ("client__user",)
    fields = (
        "prefix",
        "client",
        "acts_for",
        "state",
        "scopes_shown",
        "networks",
        "created_at",
        "ends",
        "last_used",
    )
    readonly_fields = fields
    change_form_template = "admin/api/token/page.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MANAGE)

    @admin.display(description=_("acts for"))
    def acts_for(self, token: Token) -> str:
        return token.client.user.get_username()

    @admin.display(description=_("state"))
    def state(self, token: Token) -> SafeString:
        now = timezone.now()
        if token.revoked_at is not None:
            return badge(_("revoked"), "off")
        if token.expires_at is not None and token.expires_at <= now:
            return badge(_("over"), "off")
        return badge(_("replaced"), "wait") if token.replaced_by_id else badge(_("in force"), "good")

    @admin.display(description=_("what it may do"))
    def scopes_shown(self, token: Token) -> str:
        return "; ".join(str(Scope(scope).label) for scope in token.scopes)

    @admin.display(description=_("ends"), ordering="expires_at")
    def ends(self, token: Token) -> str | SafeString:
        return moment(token.expires_at)

    @admin.display(description=_("last used"), ordering="last_used_at")
    def last_used(self, token: Token) -> str | SafeString:
        return moment(token.last_used_at)

    def get_urls(self) -> list[URLPattern]:
        steps = (("replace", self.replace), ("revoke", self.revoke))
        own = [
            path(f"<int:token_id>/{name}/", self.admin_site.admin_view(view), name=f"api_token_{name}")
            for name, view in steps
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require_decision(request.user, MANAGE)
        user = cast(User, request.user)
        form = MakeTokenForm(request.POST or None, user_id=user.pk)
        if request.method != "POST" or not form.is_valid():
            return self._ask(request, form, _now("Make a token"), _now("Make it"), list_url(Token))
        now, lifetime = timezone.now(), form.lifetime()
        token, secret = make_token(
            client_name=form.cleaned_data["client"],
            user=user,
            scopes=form.cleaned_data["scopes"],
            networks=form.cleaned_data["networks"],
            expires_at=now + lifetime if lifetime else None,
            by=user,
            now=now,
        )
        return self._show_once(request, token, secret)

    def replace(self, request: HttpRequest, token_id: int) -> HttpResponse:
        token = self._found(request, token_id)
        form = ReplaceForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return self._ask(request, form, _now("Replace the token"), _now("Replace it"), page_url(token))
        act = partial(rotate_token, overlap=form.overlap_time())
        try:
            fresh, secret = act(token=token, by=cast(User, request.user), now=timezone.now())
        except Refusal as refusal:
            return self._refused(request, token, refusal)
        return self._show_once(request, fresh, secret)

    def revoke(self, request: HttpRequest, token_id: int) -> HttpResponse:
        token = self._found(request, token_id)
        if request.method != "POST":
            title = _now("Revoke the token")
            return self._ask(request, forms.Form(), title, _now("Revoke it now"), page_url(token))
        try:
            revoke_token(token=token, by=cast(User, request.user), now=timezone.now())
        except Refusal as refusal:
            return self._refused(request, token, refusal)
        messages.success(request, _now("The token opens nothing any more."))
        return HttpResponseRedirect(page_url(token))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **options: Any
    ) -> HttpResponse:
        token = options.get("obj")
        if token is not None and token.revoked_at is None and request.user.has_perm(MANAGE):
            context["steps"] = [
                {"label": label, "tone": tone, "url": reverse(f"admin:api_token_{name}", args=(token.pk,))}
                for name, label, tone in (
                    ("replace", _("Replace"), "warning"),
                    ("revoke", _("Revoke"), "danger"),
                )
            ]
        answer: HttpResponse = super().render_change_form(request, context, *args, **options)
        return answer

    def _found(self, request: HttpRequest, token_id: int) -> Token:
        require_decision(request.user, MANAGE)
        token = self.get_queryset(request).filter(pk=token_id).first()
        if token is None:
            raise Http404
        return token

    def _ask(
        self, request: HttpRequest, form: forms.Form, title: str, submit: str, back: str
    ) -> HttpResponse:
        return self._page(request, {"title": title, "form": form, "submit": submit, "back": back})

    def _show_once(self, request: HttpRequest, token: Token, secret: str) -> HttpResponse:
        told = {"title": _now("Copy the token now"), "secret": secret, "back": page_url(token)}
        answer = self._page(request, told)
        add_never_cache_headers(answer)
        return answer

    def _page(self, request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **told}
        return TemplateResponse(request, "admin/api/token/step.html", context)

    def _refused(self, request: HttpRequest, token: Token, refusal: Refusal) -> HttpResponse:
        messages.error(request, in_words(refusal))
        return HttpResponseRedirect(page_url(token))
