"""The queue of a draw day: a proof of every kind, each of a player of their own who can be written to."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from PIL import Image

from raffles.evidence.actions import note_forwarded
from raffles.evidence.models import Evidence
from raffles.numbers.models import Raffle
from raffles.sales.actions import confirm_payment, record_payment
from raffles.sales.ledger import reference_key
from raffles.sales.models import Order
from tests.evidence.hostile import pdf_of
from tests.evidence.receipts import BANKS, Transfer, as_jpeg, at_night, drawn, screenshot_of_screenshot
from tests.evidence.receipts import NAMES as PAYERS
from tests.factories import make_order, make_player, make_proof, make_raffle, make_staff
from whatsapp.models import Contact, Conversation

PRICE = 50_000
# From this amount on two people say how much came: three numbers.
DEAR = 3 * PRICE
NAMES = ("Ana Benítez", "Bruno Duarte", "Carla Villalba", "Diego Ayala", "Elena Cáceres", "Fabio Giménez")
LANGUAGES = ("es", "pt-br", "en")


@dataclass
class Mixed:
    """`serial` tells the raffles, phones and receipts of one queue from those of another."""

    now: datetime
    serial: int
    orders: dict[str, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._players, self._proofs = count(), count()
        self._dice = random.Random(self.serial)
        self.raffle = self._raffle("MIX", self.now + timedelta(days=2))
        self.soon = self._raffle("SOON", self.now + timedelta(minutes=70))

    def _raffle(self, name: str, draw_at: datetime) -> Raffle:
        return make_raffle(
            title="Moto 0 km" if name == "MIX" else "Televisor 55",
            code=f"{name}{self.serial}",
            price_minor=PRICE,
            last_number=999,
            sales_open_at=self.now - timedelta(days=3),
            sales_close_at=draw_at - timedelta(minutes=10),
            draw_at=draw_at,
            two_people_from_minor=DEAR,
        )

    def order(
        self, units: int = 1, *, raffle: Raffle | None = None, status: str = "PENDING_PAYMENT"
    ) -> Order:
        """Of a new player; what they hold nobody else does."""
        turn = next(self._players)
        name = NAMES[turn % len(NAMES)]
        player = make_player(name=name, language=LANGUAGES[turn % 3], phone=f"+{self._phone(turn)}")
        contact = Contact.objects.create(
            player=player,
            wa_id=self._phone(turn),
            profile_name=name,
            last_inbound_at=self.now,
            created_at=self.now,
        )
        Conversation.objects.create(contact=contact, state="PAYMENT")
        numbers = range(turn * 3, turn * 3 + units)
        return make_order(
            raffle=raffle or self.raffle, player=player, numbers=numbers, status=status, now=self.now
        )

    def _phone(self, turn: int) -> str:
        return f"595971{self.serial:03d}{turn:03d}"

    def transfer(self, amount: int) -> Transfer:
        at = self.now - timedelta(seconds=self._dice.randrange(7_000))
        return Transfer(
            amount=f"Gs. {amount:,}".replace(",", "."),
            reference=f"{self._dice.randrange(4471900000, 4489900000)}",
            moment=f"{at:%d/%m/%Y %H:%M:%S}",
            payer=self._dice.choice(PAYERS),
            account=f"****{self._dice.randrange(1000, 9999)}",
        )

    def prove(self, order: Order, content: bytes | None = None, *, amount: int | None = None) -> Order:
        """Without a file of its own: the receipt of a bank about the amount, or about the order's total."""
        bank = self._dice.choice(BANKS)
        given = content or as_jpeg(drawn(self.transfer(amount or order.total_minor), bank))
        make_proof(order, content=given, source_key=f"mixed-{self.serial}-{next(self._proofs)}", now=self.now)
        return order


def _exact(desk: Mixed) -> Order:
    return desk.prove(desk.order())


def _too_little(desk: Mixed) -> Order:
    return desk.prove(desk.order(2), amount=PRICE)


def _too_much(desk: Mixed) -> Order:
    return desk.prove(desk.order(), amount=2 * PRICE)


def _reused(desk: Mixed) -> Order:
    """A screenshot of a receipt that has paid another order."""
    picture = drawn(desk.transfer(PRICE))
    _pay(desk, desk.prove(desk.order(), as_jpeg(picture)))
    return desk.prove(desk.order(), as_jpeg(screenshot_of_screenshot(picture)))


def _same_file(desk: Mixed) -> Order:
    content = as_jpeg(drawn(desk.transfer(PRICE)))
    _pay(desk, desk.prove(desk.order(), content))
    return desk.prove(desk.order(), content)


def _same_reference(desk: Mixed) -> Order:
    """Another picture with the number of a transfer that was typed when another order was confirmed."""
    paid = desk.prove(desk.order())
    _pay(desk, paid, reference=f"TRX{desk.serial:04d}")
    return desk.prove(desk.order())


def _forwarded(desk: Mixed) -> Order:
    order = desk.prove(desk.order())
    note_forwarded(source_key=order.proofs.get().source_key)
    return order


def _document(desk: Mixed) -> Order:
    pages = [drawn(desk.transfer(PRICE), bank) for bank in BANKS[:2]]
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:])
    return desk.prove(desk.order(), buffer.getvalue())


def _long_document(desk: Mixed) -> Order:
    return desk.prove(desk.order(), pdf_of(12, f"{desk.serial} 0 200 300 re f".encode()))


def _night(desk: Mixed) -> Order:
    return desk.prove(desk.order(), as_jpeg(at_night(desk.transfer(PRICE))))


def _hurried(desk: Mixed) -> Order:
    return desk.prove(desk.order(raffle=desk.soon))


def _late(desk: Mixed) -> Order:
    """It ran out, somebody else bought the numbers, and then the receipt came."""
    order = desk.order(2, status="EXPIRED")
    taken = [ticket.number for ticket in order.tickets.all()]
    make_order(raffle=desk.raffle, numbers=taken, status="PENDING_PAYMENT", now=desk.now)
    return desk.prove(order)


def _dear(desk: Mixed) -> Order:
    return desk.prove(desk.order(3))


def _two_proofs(desk: Mixed) -> Order:
    order = desk.prove(desk.order(2), amount=PRICE)
    return desk.prove(order, amount=PRICE)


def _with_credit(desk: Mixed) -> Order:
    """The player paid once too often before; what they sent now is no receipt."""
    order = desk.order()
    record_payment(
        player_id=order.player_id,
        currency="PYG",
        amount_minor=PRICE,
        method="transfer",
        reference="",
        by=make_staff(f"cashier-{desk.serial}-{order.pk}"),
        now=desk.now,
    )
    return desk.prove(order, as_jpeg(Image.new("RGB", (640, 480), (desk.serial % 255, 120, 90))))


def _broken(desk: Mixed) -> Order:
    return desk.prove(desk.order(), as_jpeg(drawn(desk.transfer(PRICE)))[:9_000])


def _pay(desk: Mixed, order: Order, reference: str = "") -> None:
    confirm_payment(
        order_id=order.pk,
        by=make_staff(f"till-{desk.serial}-{order.pk}"),
        amount_minor=None,
        method="transfer",
        reference=reference,
        now=desk.now,
    )


KINDS: dict[str, Callable[[Mixed], Order]] = {
    "exact": _exact,
    "too little": _too_little,
    "too much": _too_much,
    "reused": _reused,
    "same file": _same_file,
    "same reference": _same_reference,
    "forwarded": _forwarded,
    "document": _document,
    "long document": _long_document,
    "night": _night,
    "hurried": _hurried,
    "late": _late,
    "dear": _dear,
    "two proofs": _two_proofs,
    "with credit": _with_credit,
    "broken": _broken,
}


def make_queue(*kinds: str, now: datetime, serial: int) -> dict[str, Order]:
    """One order of each kind that is named, by the name."""
    desk = Mixed(now, serial)
    return {kind: KINDS[kind](desk) for kind in kinds or KINDS}


def as_if_read(order: Order, *, reference: str, amount_minor: int | None = None) -> None:
    """The words of its receipts as a text reader would have found them; where none is installed."""
    evidence = Evidence.objects.filter(proof__order=order)
    evidence.update(
        ocr="READ",
        reference=reference,
        reference_key=reference_key(reference),
        amount_minor=amount_minor,
    )
