from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from raffles.sales.admin.additions import links_of_player
from raffles.sales.admin.pages import ModelPage, RowForm
from raffles.sales.admin.showing import NOTHING, ago, badge, list_url, moment, page_url
from raffles.sales.models import Order
from whatsapp.admin import changes
from whatsapp.admin.chat import chat_of
from whatsapp.admin.sales import found_contacts
from whatsapp.admin.writing import WordsForm, write_to
from whatsapp.models import Contact
from whatsapp.models.contacts import WINDOW

CHANGES: dict[str, tuple[Callable[[list[int]], int], Any, str]] = {
    "reset": (
        lambda ids: changes.reset_conversations(ids, now=timezone.now()),
        _("Back to the menu"),
        "secondary",
    ),
    "block": (lambda ids: changes.block(ids, now=timezone.now()), _("Block"), "danger"),
    "unblock": (changes.unblock, _("Unblock"), "success"),
}


class ContactForm(RowForm[Contact]):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = Contact
        fields = ("receives_staff_alerts",)
        help_texts = {
            "receives_staff_alerts": _("A member of staff: hears on WhatsApp of every proof that comes.")
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance._state.adding:
            self.initial["language"] = self.instance.player.language


class WindowFilter(admin.SimpleListFilter):
    title = _("window")
    parameter_name = "window"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("open", _("Can be written to now")), ("closed", _("Must write first"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        is_open = Q(last_inbound_at__gt=timezone.now() - WINDOW)
        match self.value():
            case "open":
                return queryset.filter(is_open)
            case "closed":
                return queryset.exclude(is_open)
        return queryset


@admin.register(Contact)
class ContactAdmin(ModelPage[Contact]):
    form = ContactForm
    change_form_template = "admin/whatsapp/contact/page.html"
    list_display = ("name", "address_shown", "state", "language_shown", "last_wrote", "window", "blocked")
    list_filter = (
        "conversation__state",
        WindowFilter,
        ("blocked_at", admin.EmptyFieldListFilter),
        "player__language",
        "receives_staff_alerts",
    )
    search_fields = ("profile_name", "player__name", "player__phone")
    search_help_text = _("Name, phone, @username, user id")
    ordering = ("-last_inbound_at", "-id")
    list_per_page = 50
    show_full_result_count = False
    actions = ("reset_conversation", "block_contacts", "unblock_contacts")
    readonly_fields = (
        "address_shown",
        "username",
        "bsuid",
        "state",
        "memory",
        "last_wrote",
        "window",
        "blocked",
        "ids_before",
        "related",
    )
    fields = ("language", "receives_staff_alerts", *readonly_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        return super().get_queryset(request).select_related("player", "conversation")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Contact], search_term: str
    ) -> tuple[QuerySet[Contact], bool]:
        found, _duplicates = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return found, False
        by_own_fields = Q(pk__in=found.order_by().values("pk"))
        return queryset.filter(by_own_fields | found_contacts(search_term)), False

    @admin.display(description=_("name"), ordering="profile_name")
    def name(self, contact: Contact) -> str:
        return str(contact)

    @admin.display(description=_("address"), ordering="wa_id")
    def address_shown(self, contact: Contact) -> str:
        return contact.address if contact.wa_id else f"@{contact.username or contact.bsuid}"

    @admin.display(description=_("state"), ordering="conversation__state")
    def state(self, contact: Contact) -> str:
        return contact.conversation.state if hasattr(contact, "conversation") else NOTHING

    @admin.display(description=_("memory"))
    def memory(self, contact: Contact) -> str:
        data = contact.conversation.data if hasattr(contact, "conversation") else {}
        return ", ".join(f"{name}: {value}" for name, value in data.items()) or NOTHING

    @admin.display(description=_("language"), ordering="player__language")
    def language_shown(self, contact: Contact) -> str:
        return contact.player.get_language_display()

    @admin.display(description=_("last wrote"), ordering="last_inbound_at")
    def last_wrote(self, contact: Contact) -> str:
        return ago(contact.last_inbound_at, timezone.now())

    @admin.display(description=_("window"), ordering="last_inbound_at")
    def window(self, contact: Contact) -> SafeString:
        if contact.last_inbound_at is None or not contact.is_window_open(timezone.now()):
            return badge(_("closed: must write first"), "off")
        until = moment(contact.last_inbound_at + WINDOW)
        return badge(_("open until %(until)s") % {"until": until}, "good")

    @admin.display(description=_("blocked"), ordering="blocked_at")
    def blocked(self, contact: Contact) -> SafeString | str:
        return badge(_("Blocked"), "bad") if contact.blocked_at else NOTHING

    @admin.display(description=_("ids before"))
    def ids_before(self, contact: Contact) -> str:
        before = contact.identities.exclude(bsuid=contact.bsuid).order_by("since")
        return ", ".join(before.values_list("bsuid", flat=True)) or NOTHING

    @admin.display(description=_("related"))
    def related(self, contact: Contact) -> SafeString:
        own = page_url(contact)
        links = [(one.url, one.label) for one in links_of_player(contact.player) if one.url != own]
        player = (page_url(contact.player), contact.player)
        orders = (list_url(Order, player__id__exact=contact.player_id), Order._meta.verbose_name_plural)
        return format_html_join(" · ", '<a href="{}">{}</a>', [player, orders, *links])

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        if "receives_staff_alerts" in form.changed_data:
            obj.save(update_fields=["receives_staff_alerts"])
        if "language" in form.changed_data:
            changes.speak(obj, form.cleaned_data["language"])

    @admin.action(description=_("Back to the menu"), permissions=["change"])
    def reset_conversation(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        self._change_many(request, contacts, "reset")

    @admin.action(description=_("Block"), permissions=["change"])
    def block_contacts(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        self._change_many(request, contacts, "block")

    @admin.action(description=_("Unblock"), permissions=["change"])
    def unblock_contacts(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        self._change_many(request, contacts, "unblock")

    def _change_many(self, request: HttpRequest, contacts: QuerySet[Contact], name: str) -> None:
        change, label, _tone = CHANGES[name]
        done = change(list(contacts.values_list("pk", flat=True)))
        messages.success(request, f"{label}: {done}")

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                f"<int:contact_id>/{name}/",
                self.admin_site.admin_view(partial(self.change_one, name=name)),
                name=f"whatsapp_contact_{name}",
            )
            for name in CHANGES
        ]
        write = path(
            "<int:contact_id>/write/",
            self.admin_site.admin_view(self.write),
            name="whatsapp_contact_write",
        )
        return [*pages, write, *super().get_urls()]

    def change_one(self, request: HttpRequest, contact_id: int, *, name: str) -> HttpResponse:
        contact = self._posted_to(request, contact_id)
        change, label, _tone = CHANGES[name]
        change([contact.pk])
        messages.success(request, f"{contact}: {label}")
        return HttpResponseRedirect(page_url(contact))

    def write(self, request: HttpRequest, contact_id: int) -> HttpResponse:
        contact = self._posted_to(request, contact_id)
        level, words = write_to(contact, request.POST, by=cast(User, request.user), now=timezone.now())
        messages.add_message(request, level, words)
        return HttpResponseRedirect(page_url(contact))

    def _posted_to(self, request: HttpRequest, contact_id: int) -> Contact:
        contact = Contact.objects.filter(pk=contact_id).first()
        if contact is None:
            raise Http404
        if request.method != "POST" or not self.has_change_permission(request, contact):
            raise PermissionDenied
        return contact

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kw: Any) -> Any:
        contact = context.get("original")
        if contact is not None:
            page = request.GET.get("page", "1")
            context["chat"] = chat_of(contact, int(page) if page.isascii() and page.isdigit() else 1)
            if self.has_change_permission(request, contact):
                context["changes"] = _changes_of(contact)
                context["writing"] = WordsForm.blank()
        return super().render_change_form(request, context, *args, **kw)


def _changes_of(contact: Contact) -> list[dict[str, Any]]:
    hidden = "block" if contact.blocked_at else "unblock"
    return [
        {"name": name, "label": label, "tone": tone}
        for name, (_change, label, tone) in CHANGES.items()
        if name != hidden
    ]
