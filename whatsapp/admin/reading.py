"""Pages on which what one player said can be read are a look at their chat, and noted like one."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from raffles.sales.admin.pages import RecordPage
from raffles.sales.sight import seen_by
from whatsapp.admin.trail import note_chat_seen
from whatsapp.models import Contact

OF_ONE = "contact__id__exact"
_Row = TypeVar("_Row", bound=Model)


class ChatRecords(RecordPage[_Row]):
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The lists that chats and orders lead to are those of one contact."""
        answer: HttpResponse = super().changelist_view(request, extra_context)
        wanted = request.GET.get(OF_ONE, "")
        if request.method == "GET" and answer.status_code == 200 and wanted.isdecimal():
            for contact in seen_by(request.user, Contact.objects.filter(pk=int(wanted))):
                note_chat_seen(contact, user=request.user)
        return answer

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kw: Any) -> Any:
        contact = getattr(context.get("original"), "contact", None)
        if contact is not None:
            note_chat_seen(contact, user=request.user)
        return super().render_change_form(request, context, *args, **kw)
