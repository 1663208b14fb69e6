"""What staff do from the page of a chat: each thing a POST of its own, which answers with the page again.

What was typed and could not be taken comes back in the page, with the reason beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.showing import page_url
from whatsapp.admin import changes
from whatsapp.admin.notes import PERMISSION, NoteForm, write_note
from whatsapp.admin.trail import note_changes, note_note_written
from whatsapp.admin.wordings import WordingForm, offered, send_wording, title_of, told_sent
from whatsapp.admin.writing import WordsForm, with_new_token, write_to
from whatsapp.conversation.states import State
from whatsapp.models import Contact

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Page = ModelPage[Contact]


@dataclass(frozen=True)
class Change:
    label: _StrPromise
    tone: str
    # Whose contact it changed.
    make: Callable[[list[int], datetime], list[int]]


CHANGES = {
    "take": Change(_("Answer as a person"), "primary", lambda ids, now: changes.take_chats(ids, now=now)),
    "give_back": Change(_("Give back to the bot"), "primary", lambda ids, now: changes.give_back(ids)),
    "reset": Change(
        _("Back to the menu"), "secondary", lambda ids, now: changes.reset_conversations(ids, now=now)
    ),
    "mute": Change(_("Mute the bot"), "secondary", lambda ids, now: changes.mute(ids, now=now)),
    "unmute": Change(_("Let the bot answer"), "success", lambda ids, now: changes.unmute(ids)),
    "block": Change(_("Block"), "danger", lambda ids, now: changes.block(ids, now=now)),
    "unblock": Change(_("Unblock"), "success", lambda ids, now: changes.unblock(ids)),
}


def urls(page: Page) -> list[URLPattern]:
    return [
        *(_url(page, name, partial(_change_view, page, name)) for name in CHANGES),
        _url(page, "write", partial(_write_view, page)),
        _url(page, "note", partial(_note_view, page)),
        path(
            "<int:contact_id>/template/<int:template_id>/",
            page.admin_site.admin_view(partial(_template_view, page)),
            name="whatsapp_contact_template",
        ),
    ]


def _url(page: Page, name: str, view: Callable[..., HttpResponse]) -> URLPattern:
    place = f"<int:contact_id>/{name}/"
    return path(place, page.admin_site.admin_view(view), name=f"whatsapp_contact_{name}")


def open_changes(contact: Contact, now: datetime) -> list[dict[str, Any]]:
    chat = getattr(contact, "conversation", None)
    is_taken = chat is not None and chat.is_with_person(now)
    awaits_person = chat is not None and chat.state == State.AGENT
    hidden = {
        "block" if contact.blocked_at else "unblock",
        "mute" if contact.muted_at else "unmute",
        "take" if is_taken else "" if awaits_person else "give_back",
    }
    return [
        {"name": name, "label": change.label, "tone": change.tone}
        for name, change in CHANGES.items()
        if name not in hidden
    ]


def change_many(ids: list[int], name: str, *, by: Any) -> int:
    with transaction.atomic():
        changed = CHANGES[name].make(ids, timezone.now())
        note_changes(changed, name, user=by)
    return len(changed)


def _change_view(page: Page, name: str, request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = _contact(page, request, contact_id)
    _require(page.has_change_permission(request, contact))
    if request.method != "POST":  # whoever had to sign in again comes back by GET, and decides once more
        return HttpResponseRedirect(page_url(contact))
    change_many([contact.pk], name, by=request.user)
    messages.success(request, f"{contact}: {CHANGES[name].label}")
    return HttpResponseRedirect(page_url(contact))


def _write_view(page: Page, request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = _contact(page, request, contact_id)
    _require(page.has_change_permission(request, contact))
    if request.method != "POST":
        return HttpResponseRedirect(page_url(contact))
    form = WordsForm(request.POST)
    with transaction.atomic():
        told = write_to(contact, form, by=cast(User, request.user), now=timezone.now())
    if told is None:
        return _page_again(page, request, contact, form, "writing")
    messages.add_message(request, *told)
    return HttpResponseRedirect(page_url(contact))


def _note_view(page: Page, request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = _contact(page, request, contact_id)
    _require(may_note(page, request, contact))
    if request.method != "POST":
        return HttpResponseRedirect(page_url(contact))
    form = NoteForm(request.POST)
    with transaction.atomic():
        is_written = write_note(contact, form, by=cast(User, request.user), now=timezone.now())
        if is_written:
            note_note_written(contact, user=request.user)
    if not is_written:
        return _page_again(page, request, contact, form, "noting")
    messages.success(request, _("The note is kept; only staff read it."))
    return HttpResponseRedirect(page_url(contact))


def may_note(page: Page, request: HttpRequest, contact: Contact) -> bool:
    return page.has_view_permission(request, contact) and request.user.has_perm(PERMISSION)


def _page_again(
    page: Page, request: HttpRequest, contact: Contact, form: forms.Form, name: str
) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, f"{contact}: {' '.join(map(str, errors))}")
    form.data = with_new_token(form.data, form.add_prefix("token"))
    return _page_with(page, request, contact, **{name: form})


def _page_with(page: Page, request: HttpRequest, contact: Contact, **context: forms.Form) -> HttpResponse:
    asked = copy(request)
    asked.method = "GET"
    return page.changeform_view(asked, str(contact.pk), extra_context=context)


def _template_view(page: Page, request: HttpRequest, contact_id: int, template_id: int) -> HttpResponse:
    contact = _contact(page, request, contact_id)
    _require(page.has_change_permission(request, contact))
    template = next((row for row in offered(contact, request.user) if row.pk == template_id), None)
    if template is None:
        return _without_wording(page, request, contact)
    given = request.POST if request.method == "POST" else None
    form = WordingForm(template, contact, given, user=request.user)
    if given is not None and _is_sent(request, contact, form):
        messages.success(request, told_sent(contact))
        return HttpResponseRedirect(page_url(contact))
    return _ask_wording(page, request, contact, form)


def _without_wording(page: Page, request: HttpRequest, contact: Contact) -> HttpResponse:
    """What was typed meanwhile moves to the box for own words."""
    messages.error(request, _("Meta does not allow this message any more; choose another one."))
    typed = WordsForm(initial={"words": request.POST.get("message", ""), "token": uuid4()})
    return _page_with(page, request, contact, writing=typed)


def _is_sent(request: HttpRequest, contact: Contact, form: WordingForm) -> bool:
    if "preview" in request.POST:
        return False
    with transaction.atomic():
        is_sent = send_wording(contact, form, by=cast(User, request.user), now=timezone.now())
    if not is_sent:
        form.data = with_new_token(form.data)
    return is_sent


def _ask_wording(page: Page, request: HttpRequest, contact: Contact, form: WordingForm) -> HttpResponse:
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": title_of(form.template),
        "contact": contact,
        "back": page_url(contact),
        "form": form,
        "preview": form.preview(),
    }
    return TemplateResponse(request, "admin/whatsapp/contact/template.html", context)


def wording_links(contact: Contact, user: Any) -> list[dict[str, str]]:
    return [
        {
            "title": title_of(row),
            "url": reverse("admin:whatsapp_contact_template", args=(contact.pk, row.pk)),
        }
        for row in offered(contact, user)
    ]


def _contact(page: Page, request: HttpRequest, contact_id: int) -> Contact:
    contact = page.get_queryset(request).filter(pk=contact_id).first()
    if contact is None:
        raise Http404
    return contact


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
