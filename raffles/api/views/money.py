from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api.door import AnyKind, Door
from raffles.api.filtering import Id, Instant
from raffles.api.made import orders_of
from raffles.api.once import once
from raffles.api.permissions import Need
from raffles.api.scopes import Scope
from raffles.api.serializing import minor_of, require_currency
from raffles.api.views.money_fields import (
    MakeRefund,
    PaymentShown,
    RecordPayment,
    RefundShown,
    RequestRefund,
)
from raffles.api.views.order_fields import ProofShown, Reason, given
from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.sales import errors as sales
from raffles.sales.actions import drop_refund, make_refund, record_payment, request_refund
from raffles.sales.admin.files import PICTURES, UNKNOWN, private_file
from raffles.sales.models import Payment, PaymentProof, Player, Refund
from raffles.sales.sight import seen_by

PROOF_KINDS = (*sorted(PICTURES), "application/pdf", UNKNOWN[0])


class ProofFilters(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=PaymentProof.Status.choices)
    order = Id(field_name="order_id")
    received_after = Instant(field_name="received_at", lookup_expr="gte")
    received_before = Instant(field_name="received_at", lookup_expr="lt")
    sha256 = filters.CharFilter(lookup_expr="iexact")

    class Meta:
        model = PaymentProof
        fields: tuple[str, ...] = ()


class PaymentFilters(filters.FilterSet):
    order = Id(field_name="order_id")
    player = Id(field_name="player_id")
    currency = filters.CharFilter(lookup_expr="iexact")
    reference = filters.CharFilter(lookup_expr="iexact")
    confirmed_after = Instant(field_name="confirmed_at", lookup_expr="gte")
    confirmed_before = Instant(field_name="confirmed_at", lookup_expr="lt")

    class Meta:
        model = Payment
        fields: tuple[str, ...] = ()


class RefundFilters(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=Refund.Status.choices)
    order = Id(field_name="order_id")
    player = Id(field_name="player_id")
    currency = filters.CharFilter(lookup_expr="iexact")
    requested_after = Instant(field_name="requested_at", lookup_expr="gte")
    requested_before = Instant(field_name="requested_at", lookup_expr="lt")
    modified_since = Instant(method="changed_since")

    class Meta:
        model = Refund
        fields: tuple[str, ...] = ()

    def changed_since(self, rows: QuerySet[Refund], _name: str, since: datetime) -> QuerySet[Refund]:
        """It was asked for, sent or dropped, or its player became another one."""
        moved = Q(requested_at__gte=since) | Q(made_at__gte=since) | Q(dropped_at__gte=since)
        joined = Exists(Player.objects.filter(merged_into=OuterRef("player"), merged_at__gte=since))
        return rows.filter(moved | joined)


class ProofDoor(Door):
    queryset = PaymentProof.objects.all()
    serializer_class = ProofShown
    filterset_class = ProofFilters
    ordering_fields = ("id", "received_at")
    needs = dict.fromkeys(
        ("list", "retrieve", "file"),
        Need((Scope.STAFF_ORDERS, Scope.ORDERS_OWN), "sales.view_paymentproof"),
    )

    def get_queryset(self) -> QuerySet[PaymentProof]:
        rows = PaymentProof.objects.all()
        if self.as_staff:
            return seen_by(self.request.user, rows)
        return rows.filter(order__in=orders_of(self.grant))

    def list(self, request: Request) -> Response:
        return self.page_of(self.filter_queryset(self.get_queryset()), ProofShown)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(ProofShown(self.get_object()).data)

    @extend_schema(
        responses={(200, kind): OpenApiTypes.BINARY for kind in PROOF_KINDS},
        summary="Read the file of a proof",
    )
    @action(detail=True, content_negotiation_class=AnyKind)
    def file(self, request: Request, pk: str) -> FileResponse:
        """The file as it was sent. Staff who look at it are noted, as in the admin."""
        proof = self.get_object()
        answer = private_file(proof.file, f"proof-{proof.pk}")
        if self.as_staff:
            record(Deed.FILE_SEEN, subject=proof, user=self.staff, after={"by": "api"})
        return answer


class PaymentDoor(Door):
    queryset = Payment.objects.all()
    serializer_class = PaymentShown
    filterset_class = PaymentFilters
    ordering_fields = ("id", "confirmed_at")
    search_fields = ("reference", "order__code")
    needs = {
        **dict.fromkeys(
            ("list", "retrieve"), Need((Scope.STAFF_ORDERS, Scope.ORDERS_OWN), "sales.view_payment")
        ),
        "create": Need((Scope.STAFF_PAYMENTS,), "sales.record_payment", decides=True),
    }
    refuses = {
        "create": (
            sales.PlayerNotFound, sales.OrderNotFound, sales.MoveNotAllowed, sales.ReferenceUsed,
            sales.AmountNotPositive, sales.CurrencyUnknown,
        ),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Payment]:
        rows = Payment.objects.all()
        if self.as_staff:
            return seen_by(self.request.user, rows)
        return rows.filter(order__in=orders_of(self.grant))

    def list(self, request: Request) -> Response:
        return self.page_of(self.filter_queryset(self.get_queryset()), PaymentShown)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(PaymentShown(self.get_object()).data)

    @extend_schema(request=RecordPayment, responses={201: PaymentShown}, summary="Record money that came")
    @once
    def create(self, request: Request) -> Response:
        """Money that pays no open order: it becomes the player's credit."""
        words = given(RecordPayment, request.data)
        self.currency = require_currency(words["currency"])
        self.require_seen(words["player"], words.get("order"))
        payment = record_payment(
            player_id=words.pop("player"),
            order_id=words.pop("order", None),
            amount_minor=minor_of(words.pop("amount"), words["currency"]),
            by=self.staff,
            now=timezone.now(),
            **words,
        )
        return Response(PaymentShown(payment).data, status=201)


class RefundDoor(Door):
    queryset = Refund.objects.all()
    serializer_class = RefundShown
    uploads = frozenset({"make"})
    filterset_class = RefundFilters
    ordering_fields = ("id", "requested_at")
    needs = {
        **dict.fromkeys(
            ("list", "retrieve"), Need((Scope.STAFF_REFUNDS, Scope.ORDERS_OWN), "sales.view_refund")
        ),
        "create": Need((Scope.STAFF_REFUNDS,), "sales.request_refund", decides=True),
        "make": Need((Scope.STAFF_REFUNDS,), "sales.make_refund", decides=True),
        "drop": Need((Scope.STAFF_REFUNDS,), "sales.drop_refund", decides=True),
    }
    refuses = {
        "create": (
            sales.PlayerNotFound, sales.CreditTooSmall, sales.AmountNotPositive, sales.CurrencyUnknown,
            sales.ReasonMissing,
        ),
        "make": (
            sales.RefundNotFound, sales.RefundDecided, sales.EvidenceMissing, sales.ProofUnreadable,
            sales.ProofTooLarge, sales.ProofKindNotAllowed,
        ),
        "drop": (sales.RefundNotFound, sales.RefundDecided, sales.ReasonMissing),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Refund]:
        rows = Refund.objects.all()
        if self.as_staff:
            return seen_by(self.request.user, rows)
        return rows.filter(order__in=orders_of(self.grant))

    def list(self, request: Request) -> Response:
        return self.page_of(self.filter_queryset(self.get_queryset()), RefundShown)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(RefundShown(self.get_object()).data)

    @extend_schema(request=RequestRefund, responses={201: RefundShown}, summary="Give back a player's credit")
    @once
    def create(self, request: Request) -> Response:
        """Takes the money from the player's credit at once."""
        words = given(RequestRefund, request.data)
        self.currency = require_currency(words["currency"])
        self.require_seen(words["player"], None)
        refund = request_refund(
            player_id=words.pop("player"),
            amount_minor=minor_of(words.pop("amount"), words["currency"]),
            by=self.staff,
            now=timezone.now(),
            **words,
        )
        return Response(RefundShown(refund).data, status=201)

    @extend_schema(
        request={"multipart/form-data": MakeRefund},
        responses=RefundShown,
        summary="Note that a refund was sent",
    )
    @action(detail=True, methods=["post"])
    @once
    def make(self, request: Request, pk: str) -> Response:
        """It was sent: the number of the transfer, a picture of it, or both."""
        refund, words = self.get_object(), given(MakeRefund, request.data)
        evidence = words["evidence"].read() if "evidence" in words else None
        made = make_refund(
            refund_id=refund.pk,
            by=self.staff,
            reference=words["reference"],
            evidence=evidence,
            now=timezone.now(),
        )
        return Response(RefundShown(made).data)

    @extend_schema(request=Reason, responses=RefundShown, summary="Drop a refund")
    @action(detail=True, methods=["post"])
    @once
    def drop(self, request: Request, pk: str) -> Response:
        """It is not sent after all: the money is the player's credit again."""
        refund, words = self.get_object(), given(Reason, request.data)
        dropped = drop_refund(refund_id=refund.pk, by=self.staff, now=timezone.now(), **words)
        return Response(RefundShown(dropped).data)
