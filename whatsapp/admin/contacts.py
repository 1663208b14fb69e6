from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from raffles.desk.actions import open_whatsapp_alerts
from raffles.sales.admin.additions import links_of_player
from raffles.sales.admin.pages import ModelPage, RowForm
from raffles.sales.admin.showing import NOTHING, ago, badge, list_url, moment, page_url
from raffles.sales.models import Order
from whatsapp.admin import changes, doors
from whatsapp.admin.chat import chat_of
from whatsapp.admin.doors import CHANGES, change_many, may_note, open_changes
from whatsapp.admin.notes import NoteForm
from whatsapp.admin.reply import reply_of
from whatsapp.admin.sales import found_contacts
from whatsapp.admin.standing import PLACES, place
from whatsapp.admin.trail import note_changes, note_chat_seen
from whatsapp.admin.writing import WordsForm
from whatsapp.models import Contact
from whatsapp.models.contacts import WINDOW


class ContactForm(RowForm[Contact]):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = Contact
        fields = ("receives_staff_alerts",)
        help_texts = {
            "receives_staff_alerts": _("A member of staff: hears on WhatsApp what the destinations say.")
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


class PlaceFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "conversation__state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [(str(state), words) for state, words in PLACES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(conversation__state=self.value()) if self.value() else queryset


@admin.register(Contact)
class ContactAdmin(ModelPage[Contact]):
    form = ContactForm
    change_form_template = "admin/whatsapp/contact/page.html"
    list_display = ("name", "address_shown", "state", "language_shown", "last_wrote", "window", "blocked")
    list_filter = (
        PlaceFilter,
        WindowFilter,
        ("muted_at", admin.EmptyFieldListFilter),
        ("blocked_at", admin.EmptyFieldListFilter),
        "player__language",
        "receives_staff_alerts",
    )
    search_fields = ("profile_name", "player__name", "player__phone")
    search_help_text = _("Name, phone, @username, user id")
    ordering = ("-last_inbound_at", "-id")
    list_per_page = 50
    show_full_result_count = False
    actions = (
        "reset_conversation",
        "mute_contacts",
        "unmute_contacts",
        "block_contacts",
        "unblock_contacts",
    )
    readonly_fields = (
        "address_shown",
        "username",
        "bsuid",
        "state",
        "memory",
        "last_wrote",
        "window",
        "blocked",
        "news",
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
    def state(self, contact: Contact) -> SafeString | str:
        if not hasattr(contact, "conversation"):
            return NOTHING
        chat = contact.conversation
        if not chat.is_with_person(timezone.now()):
            return place(chat.state)
        until = moment(chat.person_until)
        return badge(_("with a person until %(until)s") % {"until": until}, "wait")

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

    @admin.display(description=_("silenced"), ordering="blocked_at")
    def blocked(self, contact: Contact) -> SafeString | str:
        """Who is blocked gets no answer at all, so that it does not matter whether the bot is muted too."""
        if contact.blocked_at:
            return badge(_("Blocked"), "bad")
        return badge(_("Bot muted"), "wait") if contact.muted_at else NOTHING

    @admin.display(description=_("ids before"))
    def ids_before(self, contact: Contact) -> str:
        before = contact.identities.exclude(bsuid=contact.bsuid).order_by("since")
        return ", ".join(before.values_list("bsuid", flat=True)) or NOTHING

    @admin.display(description=_("news"))
    def news(self, contact: Contact) -> SafeString:
        """Who said stop hears of their own orders and prizes, and of nothing else."""
        stopped = contact.player.news_stopped_at
        if stopped is None:
            return badge(_("may be sent"), "good")
        return badge(_("not wanted since %(day)s") % {"day": moment(stopped)}, "off")

    def get_object(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        contact = super().get_object(request, *args, **options)
        if contact is not None:
            setattr(contact, "links", list(links_of_player(contact.player, request.user)))  # noqa: B010
        return contact

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """To tick somebody as staff is to say where alerts go."""
        may_send = request.user.has_perm("desk.change_destination")
        return self.readonly_fields if may_send else ("receives_staff_alerts", *self.readonly_fields)

    @admin.display(description=_("related"))
    def related(self, contact: Contact) -> SafeString:
        own = page_url(contact)
        links = [(one.url, one.label) for one in getattr(contact, "links", ()) if one.url != own]
        player = (page_url(contact.player), contact.player)
        orders = (list_url(Order, player__id__exact=contact.player_id), Order._meta.verbose_name_plural)
        return format_html_join(" · ", '<a href="{}">{}</a>', [player, orders, *links])

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        if form.changed_data:
            before = {name: form.initial.get(name) for name in form.changed_data}
            told = {name: form.cleaned_data[name] for name in form.changed_data}
            note_changes([obj.pk], "save", user=request.user, before=before, told=told)
        if "receives_staff_alerts" in form.changed_data:
            obj.save(update_fields=["receives_staff_alerts"])
            if obj.receives_staff_alerts:
                open_whatsapp_alerts(by=request.user, now=timezone.now())
        if "language" in form.changed_data:
            changes.speak(obj, form.cleaned_data["language"])

    @admin.action(description=CHANGES["reset"].label, permissions=["change"])
    def reset_conversation(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        self._change_many(request, contacts, "reset")

    @admin.action(description=CHANGES["mute"].label, permissions=["change"])
    def mute_contacts(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        self._change_many(request, contacts, "mute")

    @admin.action(description=CHANGES["unmute"].label, permissions=["change"])
    def unmute_contacts(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        self._change_many(request, contacts, "unmute")

    @admin.action(description=CHANGES["block"].label, permissions=["change"])
    def block_contacts(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        self._change_many(request, contacts, "block")

    @admin.action(description=CHANGES["unblock"].label, permissions=["change"])
    def unblock_contacts(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        self._change_many(request, contacts, "unblock")

    def _change_many(self, request: HttpRequest, contacts: QuerySet[Contact], name: str) -> None:
        done = change_many(list(contacts.values_list("pk", flat=True)), name, by=request.user)
        messages.success(request, f"{CHANGES[name].label}: {done}")

    def get_urls(self) -> list[URLPattern]:
        return [*doors.urls(self), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kw: Any) -> Any:
        contact = context.get("original")
        if contact is not None:
            note_chat_seen(contact, user=request.user)
            page = request.GET.get("page", "1")
            context["chat"] = chat_of(contact, int(page) if page.isascii() and page.isdigit() else 1)
            self._add_forms(request, contact, context)
        return super().render_change_form(request, context, *args, **kw)

    def _add_forms(self, request: HttpRequest, contact: Contact, context: dict[str, Any]) -> None:
        """A form that came back with what was typed stays as it is."""
        now = timezone.now()
        if self.has_change_permission(request, contact):
            context["changes"] = open_changes(contact, now)
            context["reply"] = reply_of(contact, request.user, now)
            context.setdefault("writing", WordsForm.blank())
        if may_note(self, request, contact):
            context.setdefault("noting", NoteForm.blank())
