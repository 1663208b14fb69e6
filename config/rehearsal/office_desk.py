"""Staff: each receipt is looked at and decided by the same actions that the admin calls."""

from __future__ import annotations

import random
import threading
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from raffles.numbers.actions import open_raffle
from raffles.numbers.models import Raffle
from raffles.sales.actions import confirm_payment, reject_proof
from raffles.sales.errors import Refusal
from raffles.sales.models import Actor, Order, PaymentProof

STAFF, CODE = "rehearsal", "ENSAYO"
LOOK_EVERY = 0.25
AT_ONCE = 50
REJECTED_SHARE = 0.05


def open_for_sale(*, numbers: int, most_per_order: int, hold_minutes: int, now: datetime) -> None:
    staff = User.objects.create_user(STAFF)
    raffle = Raffle(
        title="Rifa de ensayo",
        code=CODE,
        description="",
        price_minor=10_000,
        currency="PYG",
        first_number=0,
        last_number=numbers - 1,
        max_per_order=min(most_per_order, numbers),
        hold_minutes=hold_minutes,
        sales_open_at=now - timedelta(days=1),
        sales_close_at=now + timedelta(days=7),
        draw_at=now + timedelta(days=8),
        time_zone="America/Asuncion",
        payment_instructions="Banco de ensayo, cuenta 1",
    )
    raffle.full_clean()
    raffle.save()
    open_raffle(raffle_id=raffle.pk, actor=Actor.staff(staff), now=now)


class Desk:
    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._stopping = threading.Event()

    def run(self) -> None:
        """A database that goes away is met as staff meet it: they try again."""
        while not self._stopping.is_set():
            try:
                close_old_connections()
                decided = self._decide_waiting()
            except (DatabaseError, InterfaceError):
                connection.close()
                decided = 0
            if decided < AT_ONCE:
                self._stopping.wait(LOOK_EVERY)

    def stop(self) -> None:
        self._stopping.set()

    def _decide_waiting(self) -> int:
        waiting = Order.objects.filter(status=Order.Status.UNDER_REVIEW).order_by("pk")[:AT_ONCE]
        staff = User.objects.get(username=STAFF)
        orders = list(waiting)
        for order in orders:
            self._decide(order, staff)
        return len(orders)

    def _decide(self, order: Order, staff: User) -> None:
        now = timezone.now()
        try:
            if self._finds_fault(order):
                reject_proof(order_id=order.pk, by=staff, reason="No se lee el monto", now=now)
            else:
                confirm_payment(
                    order_id=order.pk,
                    by=staff,
                    amount_minor=None,
                    method="transfer",
                    reference=f"TRX{order.pk:08d}",
                    now=now,
                )
        except Refusal:
            self._send_away(order, staff, now)

    def _send_away(self, order: Order, staff: User, now: datetime) -> None:
        """Money that came too late finds its numbers gone."""
        try:
            reject_proof(order_id=order.pk, by=staff, reason="Sus números ya se vendieron", now=now)
        except Refusal:
            return

    def _finds_fault(self, order: Order) -> bool:
        """With the first receipt of some orders, the same ones for the same seed and order of arrival."""
        if PaymentProof.objects.filter(order=order, status=PaymentProof.Status.REJECTED).exists():
            return False
        return random.Random(f"{self._seed}/{order.pk}").random() < REJECTED_SHARE  # noqa: S311 - no secret
