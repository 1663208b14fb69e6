"""A photo or PDF arrives: which order is it for?"""

from __future__ import annotations

from typing import Any

from raffles.sales.actions import submit_payment_proof
from raffles.sales.errors import (
    MoveNotAllowed,
    OrderMoved,
    ProofKindNotAllowed,
    ProofTooLarge,
    ProofUnreadable,
    Refusal,
    TooManyProofs,
)
from raffles.sales.models import Order, PaymentProof
from raffles.sales.queries import late_candidates, open_orders, order_of_player
from whatsapp.conversation import screens
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Act, Decision, Step, Turn, leads_to, read_tap
from whatsapp.messages import Buttons
from whatsapp.payloads import FileSent, Said, Tapped
from whatsapp.texts import chat, orders

LIMIT_MB = 10
REFUSALS: dict[type[Refusal], str] = {
    ProofKindNotAllowed: "kind",
    ProofTooLarge: "size",
    ProofUnreadable: "empty",
    TooManyProofs: "many",
}
PROBLEMS = {"too large": "size", "damaged": "empty", "gone": "gone", "unreached": "unreached"}
Status = Order.Status


@leads_to(*screens.HERE_EDGES)
def receive(turn: Turn) -> Decision:
    """A caption that holds an order code decides; else the orders that wait; else ask."""
    message = turn.message
    if not isinstance(message, FileSent) or message.ref is None:
        problem = message.problem if isinstance(message, FileSent) else ""
        return screens.here(turn, orders.receipt_refused(PROBLEMS.get(problem, "gone"), LIMIT_MB))
    files = [*turn.memory.get("files", []), [message.ref, turn.key]]
    candidates = _candidates(turn)
    named = _named(turn, message.caption)
    if len(named) == 1 or len(candidates) == 1:
        return _submit(turn, (named or candidates)[0], files)
    if candidates:
        return screens.which_order(turn, candidates, files)
    return Step(turn.state if turn.state == State.AGENT else State.MENU, _nobody_waits(turn), turn.memory)


def _candidates(turn: Turn) -> list[Order]:
    """Orders that wait for money; held ones when there are none or the chat is about one; then the rest."""
    open_ones = open_orders(turn.player_id)
    in_hand = str(turn.memory.get("order", "")) if turn.state == State.CONFIRM else ""
    waiting = [
        order
        for order in open_ones
        if order.status == Status.PENDING_PAYMENT or (order.code == in_hand and order.status == Status.DRAFT)
    ]
    held = [order for order in open_ones if order.status == Status.DRAFT]
    reviewed = [order for order in open_ones if order.status == Status.UNDER_REVIEW]
    return waiting or held or reviewed or _late(turn)


def _late(turn: Turn) -> list[Order]:
    """Who pays late has mostly confirmed before; a draft that ran out is meant only if there is no other."""
    found = late_candidates(turn.player_id, turn.now)
    return [order for order in found if order.confirmed_at is not None] or found


def _named(turn: Turn, caption: str) -> list[Order]:
    known = [*open_orders(turn.player_id), *late_candidates(turn.player_id, turn.now)]
    return [order for order in known if order.code in caption.upper()]


def _nobody_waits(turn: Turn) -> Buttons | None:
    if turn.state == State.AGENT:
        return None
    return Buttons(orders.no_order_for_receipt(), screens.buttons_with_person(turn))


@leads_to(State.WHICH_ORDER, State.PAYMENT, State.CONFIRM, State.MENU)
def choose_order(turn: Turn) -> Decision:
    """The answer to "which order?", by place in the list, by code or by tap."""
    codes = [str(code) for code in turn.memory.get("orders", [])]
    given = turn.message.text.strip().rstrip(".").upper() if isinstance(turn.message, Said) else ""
    if isinstance(turn.message, Tapped):
        given = read_tap(turn.message.reply_id).subject
    if (row := screens.chosen_row(given, len(codes))) is not None:
        given = codes[row]
    found = order_of_player(turn.player_id, given) if given in codes else None
    if found is None:
        return screens.here(turn, chat.pardon())
    return _submit(turn, found, list(turn.memory.get("files", [])))


def _submit(turn: Turn, order: Order, files: list[list[Any]]) -> Act[PaymentProof]:
    was_under_review = order.status == Status.UNDER_REVIEW

    return Act(
        run=lambda: _submit_all(turn, order, files),
        done=lambda proof: _received(turn, proof.order, was_under_review),
        refused=lambda refusal: _refused(turn, order, refusal),
    )


def _submit_all(turn: Turn, order: Order, files: list[list[Any]]) -> PaymentProof:
    """Of several files the readable ones count: one that is none must not keep the others out."""
    proofs, refusals = [], []
    for ref, key in files:
        try:
            content = turn.read_file(int(ref))
            proofs.append(
                submit_payment_proof(order_id=order.pk, content=content, source_key=str(key), now=turn.now)
            )
        except Refusal as refusal:
            refusals.append(refusal)
    if not proofs:
        raise refusals[-1]
    return proofs[-1]


def _received(turn: Turn, order: Order, was_under_review: bool) -> Step:
    order.refresh_from_db()
    if order.late_since is not None:
        body = orders.late_receipt(order.code)
    else:
        body = orders.one_more_receipt(order.code) if was_under_review else orders.under_review(order.code)
    return Step(State.PAYMENT, Buttons(body, screens.menu_buttons(turn)), {"order": order.code})


def _refused(turn: Turn, order: Order, refusal: Refusal) -> Step:
    if isinstance(refusal, OrderMoved | MoveNotAllowed):
        order.refresh_from_db()
        return screens.order(turn, order, intro=orders.no_order_for_receipt())
    problem = REFUSALS.get(type(refusal))
    if problem is None:
        raise refusal
    if turn.state == State.WHICH_ORDER:  # asking again would offer the refused file for ever
        return screens.order(turn, order, intro=orders.receipt_refused(problem, LIMIT_MB), is_reminder=True)
    return screens.here(turn, orders.receipt_refused(problem, LIMIT_MB))
