"""Takes a real chat to every place of the map, and lets anything happen there."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile

from raffles.numbers.models import Raffle, Ticket
from raffles.sales.models import Order, Payment, PaymentProof
from tests.draws.staging import committed_raffle, held_draw, sold
from tests.factories import make_order, make_raffle, png_bytes
from tests.whatsapp.chat import contact_of, make_contact, say
from tests.whatsapp.meta import ANA, NOW, Json
from whatsapp.conversation.engine import take_turn
from whatsapp.inbox.turns import TURNED
from whatsapp.messages import choices_of
from whatsapp.models import Contact, Conversation, InboundEvent, InboundMedia, OutboundMessage
from whatsapp.payloads import FileSent, Inbound, Tapped

_serial = itertools.count(1)

OrderStatus = Order.Status


@dataclass(frozen=True)
class Heard:
    """What one turn did: where it led, and its bubble as it leaves, if it was not silent."""

    before: str
    state: str
    content: Json | None

    @property
    def has_way_on(self) -> bool:
        return self.content is not None and bool(choices_of(self.content))


def turn(message: Inbound, *, now: datetime = NOW) -> Heard:
    """One turn of Ana's by the engine, against the database, without the network that files need."""
    contact = Contact.objects.select_related("player").get(pk=contact_of(ANA).pk)
    conversation = Conversation.objects.get(contact=contact)
    before = conversation.state
    event = _event()
    take_turn(contact=contact, conversation=conversation, event=event, message=message, now=now)
    conversation.save(update_fields=TURNED)
    replies = list(OutboundMessage.objects.filter(answers=event).values_list("content", flat=True))
    assert len(replies) <= 1
    return Heard(before, conversation.state, replies[0] if replies else None)


def _event() -> InboundEvent:
    return InboundEvent.objects.create(
        event_key=f"m:explorer:{next(_serial)}",
        kind="MESSAGE",
        field="messages",
        payload={},
        happened_at=NOW,
        received_at=NOW,
    )


def photo(content: bytes | None = None, caption: str = "") -> FileSent:
    copy = InboundMedia(event=_event(), status="STORED", content_type="image/png", size=1)
    copy.file.save(f"photo-{copy.event_id}", ContentFile(content or png_bytes()), save=False)
    copy.save()
    return FileSent("image", "77", "image/png", "", caption, ref=copy.pk)


def ledger() -> list[Any]:
    """Everything that is money or a claim on a number."""
    models: list[Any] = [Order, Ticket, Payment, PaymentProof]
    return [sorted(map(str, model.objects.values())) for model in models]


def buttons_ever_shown() -> list[tuple[str, str]]:
    """Ids and titles of Ana's bubbles, oldest first."""
    found = []
    for content in OutboundMessage.objects.order_by("pk").values_list("content", flat=True):
        action = content.get("interactive", {}).get("action", {})
        found += [(button["reply"]["id"], button["reply"]["title"]) for button in action.get("buttons", [])]
        found += [
            (row["id"], row["title"]) for section in action.get("sections", []) for row in section["rows"]
        ]
    return found


def _raffles() -> tuple[Raffle, Raffle]:
    return make_raffle(code="MOTO", title="Moto 0 km"), make_raffle(code="TV", title="Televisor")


def _an_order(status: str, *numbers: int) -> Order:
    return make_order(
        raffle=Raffle.objects.get(code="TV"), player=contact_of().player, numbers=numbers, status=status
    )


def _at_menu() -> None:
    say("menu")


def _at_menu_with_everything() -> None:
    """An order in every status, and none in hand."""
    for number, status in enumerate(OrderStatus.values):
        _an_order(status, number)
    say("menu")


def _at_raffles() -> None:
    say("rifas")


def _at_raffles_of_two_pages() -> None:
    for number in range(12):
        make_raffle(code=f"R{number}")
    say("rifas")


def _at_numbers() -> None:
    say("MOTO")


def _at_numbers_taken() -> None:
    make_order(raffle=Raffle.objects.get(code="MOTO"), numbers=[5])
    say("MOTO", "5,12")


def _at_too_few_left() -> None:
    """One is free beside the two asked for: nothing is offered; an order of the other raffle waits."""
    _an_order(OrderStatus.DRAFT, 1)
    for numbers in (range(49), range(50, 100)):
        make_order(raffle=Raffle.objects.get(code="MOTO"), numbers=numbers)
    say("MOTO", "5,12")


def _at_offer() -> None:
    say("quiero el 5 y el 12 de la moto")


def _at_offer_beside_an_order() -> None:
    _an_order(OrderStatus.DRAFT, 1)
    _at_offer()


def _at_random_offer() -> None:
    say("2 al azar de la moto")


def _at_count_or_number() -> None:
    say("MOTO", "quiero 5")


def _at_confirm() -> None:
    say("MOTO", "5,12")


def _at_payment() -> None:
    say("MOTO", "5,12", "confirmar")


def _at_review() -> None:
    _at_payment()
    turn(photo())


def _at_orders() -> None:
    _an_order(OrderStatus.DRAFT, 1)
    _an_order(OrderStatus.PAID, 2)
    say("mis pedidos")


def _at_which_order() -> None:
    _an_order(OrderStatus.PENDING_PAYMENT, 1)
    _an_order(OrderStatus.PENDING_PAYMENT, 2)
    turn(photo())


def _at_cancel() -> None:
    _an_order(OrderStatus.PENDING_PAYMENT, 1)
    say("cancelar")


def _at_prize() -> None:
    """Won in a draw, and still to be claimed."""
    raffle = committed_raffle(code="SOL", title="Sol", prizes=[("Una moto", 1), ("Un casco", 1)])
    sold(raffle, 5, 12, player=contact_of().player)
    held_draw(raffle)
    say("menu")


def _at_shown_as() -> None:
    _at_prize()
    turn(Tapped("show_name:SOL:0", "Un nombre"))


def _at_agent() -> None:
    _an_order(OrderStatus.PENDING_PAYMENT, 1)
    say("agente")


PLACES: dict[str, tuple[Callable[[], None], str]] = {
    "menu": (_at_menu, "MENU"),
    "menu with orders in every status": (_at_menu_with_everything, "MENU"),
    "raffles": (_at_raffles, "RAFFLES"),
    "raffles on two pages": (_at_raffles_of_two_pages, "RAFFLES"),
    "numbers": (_at_numbers, "NUMBERS"),
    "numbers of which one is taken": (_at_numbers_taken, "NUMBERS"),
    "too few left": (_at_too_few_left, "NUMBERS"),
    "offer": (_at_offer, "NUMBERS"),
    "offer beside an order": (_at_offer_beside_an_order, "NUMBERS"),
    "random offer": (_at_random_offer, "NUMBERS"),
    "count or number": (_at_count_or_number, "NUMBERS"),
    "confirm": (_at_confirm, "CONFIRM"),
    "payment": (_at_payment, "PAYMENT"),
    "review": (_at_review, "PAYMENT"),
    "orders": (_at_orders, "ORDERS"),
    "which order": (_at_which_order, "WHICH_ORDER"),
    "cancel": (_at_cancel, "CANCEL"),
    "prize": (_at_prize, "MENU"),
    "shown as": (_at_shown_as, "SHOWN_AS"),
    "agent": (_at_agent, "AGENT"),
}


def arrive(place: str) -> str:
    """Ana in that place; gives the state in which the map has it."""
    make_contact(ANA)
    _raffles()
    go, state = PLACES[place]
    go()
    return state
