"""Contacts, messages and templates through the REST door."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api.door import Door
from raffles.api.filtering import Instant
from raffles.api.made import note_player
from raffles.api.once import once
from raffles.api.permissions import Need
from raffles.api.scopes import Scope
from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.sales.sight import seen_by
from whatsapp.api.fields import (
    ContactMade,
    ContactShown,
    EnsureContact,
    ReceivedShown,
    SentShown,
    TemplateShown,
)
from whatsapp.contacts import ensure_contact
from whatsapp.models import Contact, InboundEvent, MessageTemplate, OutboundMessage

HIGHEST_ID = 2**63 - 1


def _messages(right: str) -> dict[str, Need]:
    return dict.fromkeys(("list", "retrieve"), Need((Scope.STAFF_MESSAGES,), right))


class ContactId(filters.NumberFilter):
    def __init__(self) -> None:
        super().__init__(field_name="contact_id", min_value=1, max_value=HIGHEST_ID, decimal_places=0)


class ContactFilters(filters.FilterSet):
    player = filters.NumberFilter(field_name="player_id", min_value=1, max_value=HIGHEST_ID, decimal_places=0)
    phone = filters.CharFilter(method="with_phone")

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ()

    def with_phone(self, rows: QuerySet[Contact], _name: str, phone: str) -> QuerySet[Contact]:
        return rows.filter(wa_id=phone.lstrip("+ "))


class SentFilters(filters.FilterSet):
    contact = ContactId()
    status = filters.MultipleChoiceFilter(choices=OutboundMessage.Status.choices)
    created_after = Instant(field_name="created_at", lookup_expr="gte")
    created_before = Instant(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = OutboundMessage
        fields: tuple[str, ...] = ()


class ReceivedFilters(filters.FilterSet):
    contact = ContactId()
    status = filters.MultipleChoiceFilter(choices=InboundEvent.Status.choices)
    happened_after = Instant(field_name="happened_at", lookup_expr="gte")
    happened_before = Instant(field_name="happened_at", lookup_expr="lt")

    class Meta:
        model = InboundEvent
        fields: tuple[str, ...] = ()


class TemplateFilters(filters.FilterSet):
    key = filters.CharFilter()
    language = filters.CharFilter()
    status = filters.MultipleChoiceFilter(choices=MessageTemplate.Status.choices)

    class Meta:
        model = MessageTemplate
        fields: tuple[str, ...] = ()


class _Read(Door):
    def list(self, request: Request) -> Response:
        return self.page_of(self.filter_queryset(self.get_queryset()), self.get_serializer_class())

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset()
        return seen_by(self.request.user, rows)


class ContactDoor(_Read):
    queryset = Contact.objects.all()
    serializer_class = ContactShown
    filterset_class = ContactFilters
    ordering_fields = ("id",)
    search_fields = ("profile_name", "username", "wa_id")
    needs = {
        **_messages("whatsapp.view_contact"),
        "create": Need((Scope.CONTACTS_WRITE,)),
    }

    @extend_schema(request=EnsureContact, responses={200: ContactMade, 201: ContactMade})
    @once
    def create(self, request: Request) -> Response:
        """The contact of a phone, made when there is none: 201 when made, 200 when it was there."""
        sent = EnsureContact(data=request.data)
        sent.is_valid(raise_exception=True)
        words = sent.validated_data
        with transaction.atomic():
            contact, is_new = ensure_contact(wa_id=words["phone"], name=words["name"], now=timezone.now())
            note_player(self.grant, contact.player, is_new=is_new)
        return Response(ContactMade(contact).data, status=201 if is_new else 200)


class _Said(_Read):
    """Staff who read what one player said have looked at their chat, as in the admin."""

    def list(self, request: Request) -> Response:
        answer = super().list(request)
        wanted = request.query_params.get("contact", "")
        if self.as_staff and wanted.isdecimal():
            for contact in seen_by(request.user, Contact.objects.filter(pk=int(wanted))):
                self._note(contact)
        return answer

    def retrieve(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        if self.as_staff and row.contact is not None:
            self._note(row.contact)
        return Response(self.get_serializer(row).data)

    def _note(self, contact: Contact) -> None:
        told = {"by": "api"}
        record(Deed.CHAT_SEEN, subject=contact, label=f"#{contact.pk}", user=self.staff, after=told)


class SentDoor(_Said):
    tag = "sent-messages"
    queryset = OutboundMessage.objects.all()
    serializer_class = SentShown
    filterset_class = SentFilters
    ordering_fields = ("id",)
    needs = _messages("whatsapp.view_outboundmessage")


class ReceivedDoor(_Said):
    tag = "received-messages"
    queryset = InboundEvent.objects.filter(kind=InboundEvent.Kind.MESSAGE)
    serializer_class = ReceivedShown
    filterset_class = ReceivedFilters
    ordering_fields = ("id",)
    needs = _messages("whatsapp.view_inboundevent")


class TemplateDoor(_Read):
    queryset = MessageTemplate.objects.all()
    serializer_class = TemplateShown
    filterset_class = TemplateFilters
    ordering_fields = ("id", "key")
    needs = _messages("whatsapp.view_messagetemplate")

    def get_queryset(self) -> QuerySet[Any]:
        """They belong to the number and to no raffle; the right to see them is enough."""
        return MessageTemplate.objects.all()
