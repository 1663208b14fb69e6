from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db.models import DateTimeField, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api.door import Door
from raffles.api.made import orders_of
from raffles.api.once import HEADER, once
from raffles.api.paging import Cursor
from raffles.api.parsing import takes_nothing
from raffles.api.permissions import Need
from raffles.api.scopes import Scope
from raffles.api.serializing import minor_of, told
from raffles.api.views.money_fields import RefundShown
from raffles.api.views.order_fields import (
    ApprovePayment,
    Cancelled,
    ConfirmPayment,
    OptionalReason,
    OrderDetail,
    OrderShown,
    ProofShown,
    Question,
    Reason,
    RefundOrder,
    Upload,
    given,
    with_numbers,
)
from raffles.api.views.order_filters import OrderFilters
from raffles.draws import errors as draws
from raffles.sales import errors as sales
from raffles.sales.actions import (
    approve_payment,
    ask_for_proof,
    cancel_order,
    confirm_order,
    confirm_payment,
    pay_with_credit,
    refund_order,
    reject_proof,
    request_cancel,
    submit_payment_proof,
)
from raffles.sales.admin.additions import doubts_about
from raffles.sales.inventory import inventory_of
from raffles.sales.models import Actor, Order, PaymentProof
from raffles.sales.sight import orders_seen_by

READ = Need((Scope.STAFF_ORDERS, Scope.ORDERS_OWN), "sales.view_order")
OPEN = (Order.Status.PENDING_PAYMENT, Order.Status.UNDER_REVIEW)
# Behind all that have one.
NO_PROOF = Value(datetime(9999, 12, 31, tzinfo=UTC), output_field=DateTimeField())
OWN = Need((Scope.ORDERS_OWN, Scope.RAFFLES_RESERVE))


# Whoever moves an order finds it where it was read, or hears that somebody was faster.
MOVES = (sales.OrderNotFound, sales.MoveNotAllowed, sales.OrderMoved)
LATE = (sales.UnitsGone, sales.DrawHeld, sales.SecondPersonNeeded)


def _money(right: str) -> Need:
    return Need((Scope.STAFF_PAYMENTS,), right, decides=True)


class Waiting(Cursor):
    ordering = ("oldest_proof", "id")
    reckoned: ClassVar[Mapping[str, DateTimeField[Any, Any]]] = {"oldest_proof": DateTimeField()}


class OrderDoor(Door):
    queryset = Order.objects.all()
    serializer_class = OrderShown
    filterset_class = OrderFilters
    ordering_fields = ("id", "created_at")
    search_fields = ("code", "player__name", "player__phone")
    own_search_fields = ("code",)
    uploads = frozenset({"add_proof"})
    needs = {
        "list": READ,
        "retrieve": READ,
        "pending_payment": READ,
        "proofs": READ,
        "add_proof": Need((Scope.ORDERS_OWN,)),
        "confirm": OWN,
        "request_cancel": OWN,
        "cancel": Need((Scope.STAFF_ORDERS, Scope.ORDERS_OWN), "sales.cancel_order", decides=True),
        "confirm_payment": _money("sales.confirm_payment"),
        "approve_payment": _money("sales.confirm_payment"),
        "pay_with_credit": _money("sales.pay_with_credit"),
        "reject_proof": _money("sales.reject_proof"),
        "ask_for_proof": _money("sales.reject_proof"),
        "refund": Need((Scope.STAFF_REFUNDS,), "sales.refund_order", decides=True),
    }
    refuses = {
        "add_proof": (
            *MOVES, sales.ProofUnreadable, sales.ProofTooLarge, sales.ProofKindNotAllowed,
            sales.TooManyProofs,
        ),
        "confirm": (*MOVES, sales.HoldRanOut),
        "request_cancel": MOVES,
        "cancel": MOVES,
        "confirm_payment": (
            *MOVES, sales.NothingMissing, sales.ReasonNeeded, sales.ReferenceUsed, sales.SecondPersonNeeded,
            sales.AmountNotPositive,
        ),
        "approve_payment": (*MOVES, sales.ReasonNeeded, sales.AmountNotPositive),
        "pay_with_credit": (*MOVES, *LATE, sales.CreditTooSmall),
        "reject_proof": (*MOVES, sales.ReasonMissing),
        "ask_for_proof": (*MOVES, sales.ReasonMissing),
        "refund": (*MOVES, sales.ReasonMissing, sales.CreditTooSmall, draws.EntriesFrozen),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Order]:
        rows = orders_seen_by(self.request.user) if self.as_staff else orders_of(self.grant)
        return with_numbers(rows) if self.action == "retrieve" else rows

    def list(self, request: Request) -> Response:
        return self.page_of(with_numbers(self.filter_queryset(self.get_queryset())), OrderShown)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._detail(self.get_object())

    @extend_schema(filters=True, responses=OrderShown(many=True), summary="List orders that wait for money")
    @action(detail=False, url_path="pending-payment", pagination_class=Waiting, ordering_fields=())
    def pending_payment(self, request: Request) -> Response:
        """Orders that wait for money: first those with a proof, the oldest undecided one before others.

        What is decided meanwhile hides no other: each page begins behind the last order of the one before.
        """
        waiting = Q(proofs__status=PaymentProof.Status.SUBMITTED)
        oldest = Coalesce(Min("proofs__received_at", filter=waiting), NO_PROOF)
        rows = self.filter_queryset(self.get_queryset()).filter(status__in=OPEN)
        return self.page_of(with_numbers(rows.annotate(oldest_proof=oldest)), OrderShown)

    @extend_schema(request=None, responses=OrderDetail, summary="Confirm an order for its player")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def confirm(self, request: Request, pk: str) -> Response:
        """The player said yes: the hold starts anew and the order waits for payment."""
        return self._moved(confirm_order(order_id=self.get_object().pk, now=timezone.now()))

    @extend_schema(request=OptionalReason, responses=Cancelled, summary="Cancel an order")
    @action(detail=True, methods=["post"])
    @once
    def cancel(self, request: Request, pk: str) -> Response:
        """Its numbers are free again at once; `released` says how many."""
        order, words = self.get_object(), given(OptionalReason, request.data)
        released = len(inventory_of(order).lines(order))
        cancel_order(order_id=order.pk, actor=self._actor(), reason=words["reason"], now=timezone.now())
        order = self._again()
        order.released = released
        return Response(told(order, Cancelled))

    @extend_schema(request=None, responses=OrderDetail, summary="Ask staff to cancel an order")
    @action(detail=True, methods=["post"], url_path="request-cancel")
    @once
    @takes_nothing
    def request_cancel(self, request: Request, pk: str) -> Response:
        """Money may be on its way, so staff are asked and decide."""
        return self._moved(request_cancel(order_id=self.get_object().pk, now=timezone.now()))

    @extend_schema(request=ConfirmPayment, responses=OrderDetail, summary="Confirm that money came")
    @action(detail=True, methods=["post"], url_path="confirm-payment")
    @once
    def confirm_payment(self, request: Request, pk: str) -> Response:
        """Money came. Less than what is missing keeps the order open, more becomes the player's credit."""
        order, words = self.get_object(), given(ConfirmPayment, request.data)
        self._require_reason(order, words)
        words["amount_minor"] = self._minor(order, words)
        confirm_payment(order_id=order.pk, by=self.staff, now=timezone.now(), **words)
        return self._moved(order)

    @extend_schema(request=ApprovePayment, responses=OrderDetail, summary="Say first how much came")
    @action(detail=True, methods=["post"], url_path="approve-payment")
    @once
    def approve_payment(self, request: Request, pk: str) -> Response:
        """The word of the first of two people; somebody else then confirms the same amount."""
        order, words = self.get_object(), given(ApprovePayment, request.data)
        self._require_reason(order, words)
        words["amount_minor"] = self._minor(order, words)
        approve_payment(order_id=order.pk, by=self.staff, now=timezone.now(), **words)
        return self._moved(order)

    def _require_reason(self, order: Order, words: dict[str, Any]) -> None:
        if doubts_about(order, self.staff) and not words["reason"].strip():
            raise sales.ReasonNeeded(order.code)

    @extend_schema(request=None, responses=OrderDetail, summary="Pay an order with the player's credit")
    @action(detail=True, methods=["post"], url_path="pay-with-credit")
    @once
    @takes_nothing
    def pay_with_credit(self, request: Request, pk: str) -> Response:
        """All of it or nothing: credit that is too small stays where it is."""
        order = self.get_object()
        return self._moved(pay_with_credit(order_id=order.pk, by=self.staff, now=timezone.now()))

    @extend_schema(request=Reason, responses=OrderDetail, summary="Reject an order's proofs")
    @action(detail=True, methods=["post"], url_path="reject-proof")
    @once
    def reject_proof(self, request: Request, pk: str) -> Response:
        """All proofs that wait; the player reads the reason and the order waits for payment again."""
        order, words = self.get_object(), given(Reason, request.data)
        return self._moved(reject_proof(order_id=order.pk, by=self.staff, now=timezone.now(), **words))

    @extend_schema(request=Question, responses=OrderDetail, summary="Ask the player about a proof")
    @action(detail=True, methods=["post"], url_path="ask-for-proof")
    @once
    def ask_for_proof(self, request: Request, pk: str) -> Response:
        """The player reads the question; the order stays under review."""
        order, words = self.get_object(), given(Question, request.data)
        return self._moved(ask_for_proof(order_id=order.pk, by=self.staff, now=timezone.now(), **words))

    @extend_schema(
        request=RefundOrder, responses={201: RefundShown}, summary="Give back the money of a paid order"
    )
    @action(detail=True, methods=["post"])
    @once
    def refund(self, request: Request, pk: str) -> Response:
        """Its numbers are free at once; the refund is due until somebody has sent it."""
        order, words = self.get_object(), given(RefundOrder, request.data)
        refund = refund_order(order_id=order.pk, by=self.staff, now=timezone.now(), **words)
        return Response(RefundShown(refund).data, status=201)

    @extend_schema(responses=ProofShown(many=True), summary="List an order's proofs")
    @action(detail=True, filterset_class=None, search_fields=(), ordering_fields=("id",))
    def proofs(self, request: Request, pk: str) -> Response:
        rows = PaymentProof.objects.filter(order=self.get_object())
        return self.page_of(self.filter_queryset(rows), ProofShown)

    @extend_schema(
        request={"multipart/form-data": Upload}, responses={201: ProofShown}, summary="Add a proof of payment"
    )
    @proofs.mapping.post
    @once
    def add_proof(self, request: Request, pk: str) -> Response:
        """A picture or PDF of at most 10 MB, sent as the part `file` of a form."""
        order, sent = self.get_object(), given(Upload, request.data)
        content = sent["file"].read()
        key = request.headers.get(HEADER) or secrets.token_urlsafe(24)
        proof = submit_payment_proof(
            order_id=order.pk,
            content=content,
            source_key=self._source(order, key, content),
            now=timezone.now(),
        )
        return Response(ProofShown(proof).data, status=201)

    def _source(self, order: Order, key: str, content: bytes) -> str:
        """Under one key one file is one proof of one order; a day later the key may bring another."""
        said = f"{order.pk}\n{key}\n".encode() + content
        return f"api:{self.caller}:{hashlib.sha256(said).hexdigest()}"

    def _actor(self) -> Actor:
        client = self.grant.client
        if self.as_staff:
            return Actor.staff(self.staff)
        return Actor(f"api:{client.name if client else ''}"[:160])

    def _minor(self, order: Order, words: dict[str, Any]) -> int | None:
        amount = words.pop("amount", None)
        return None if amount is None else minor_of(amount, order.currency)

    def _moved(self, _done: object) -> Response:
        return self._detail(self._again())

    def _detail(self, order: Any) -> Response:
        return Response(told(order, OrderDetail, as_staff=self.as_staff))

    def _again(self) -> Any:
        """As it stands now: what an action hands back may be a moment old."""
        return self.only(with_numbers(self.get_queryset()), self.kwargs["pk"])
