"""Players, staff and the clock do anything in any order; after each step everything that must hold holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from raffles.numbers import invariants as number_invariants
from raffles.sales import invariants as sale_invariants
from raffles.sales.actions import cancel_order, confirm_payment, expire_orders, refund_order, reject_proof
from raffles.sales.errors import Refusal
from raffles.sales.models import Actor, Order
from tests.factories import make_raffle, png_bytes
from tests.whatsapp.chat import a_member_of_staff, bubbles, contact_of, reply_ids
from tests.whatsapp.graph import HANG_UP, Answer, Graph
from tests.whatsapp.meta import ANA, NOW, Json, Person, press, receive, said, words
from whatsapp import invariants as chat_invariants
from whatsapp import outbox
from whatsapp.conversation.words import WORDS
from whatsapp.messages import choices_of
from whatsapp.models import Contact, InboundEvent, OutboundMessage

LUZ = Person("Luz", "", "BR.77")
people = st.sampled_from([ANA, LUZ])
sentences = st.one_of(
    st.sampled_from(sorted(WORDS)),
    st.sampled_from(["1", "2", "MOTO", "TV", "sí", "1,2", "3-9", "random 2", "5,12,99", "99", "100", "0"]),
    st.text(max_size=12),
)
SOUNDS: list[Json] = [
    {"type": "audio", "audio": {"id": "1"}},
    {"type": "reaction", "reaction": {"message_id": "wamid.X"}},
    {"type": "location", "location": {"latitude": 1, "longitude": 2}},
    {"type": "hologram"},
]


class AnyDay(RuleBasedStateMachine):
    graph: Graph

    @initialize()
    def open_the_shop(self) -> None:
        self.now = NOW
        self.staff = a_member_of_staff()
        make_raffle(code="MOTO", last_number=12, max_per_player=8)
        make_raffle(code="TV", last_number=2_000, price_minor=1, currency="USD")
        for person in (ANA, LUZ):
            receive(said(person, words("menu")))

    def teardown(self) -> None:
        call_command("flush", interactive=False, verbosity=0)

    def hear(self, person: Person, content: Json) -> None:
        self.now += timedelta(seconds=2)
        receive(said(person, content, at=self.now), now=self.now)

    @rule(person=people, text=sentences)
    def says(self, person: Person, text: str) -> None:
        self.hear(person, words(text))

    @rule(person=people, numbers=st.sampled_from(["random 2", "1,2", "3-6", "12"]), steps=st.integers(1, 5))
    def goes_on_with_a_sale(self, person: Person, numbers: str, steps: int) -> None:
        sensible = {
            "RAFFLES": "1",
            "NUMBERS": numbers,
            "CONFIRM": "confirmar",
            "WHICH_ORDER": "1",
            "CANCEL": "no",
        }
        for _ in range(steps):
            state = contact_of(person).conversation.state
            if state == "PAYMENT":
                self.sends_a_file(person, "good", "")
                break
            self.hear(person, words(sensible.get(state, "rifas")))

    @rule(person=people, which=st.integers(0, 200), recent=st.booleans())
    def presses(self, person: Person, which: int, recent: bool) -> None:
        """A button of the last bubble or of any earlier one."""
        offers = [ids for content in bubbles(person) if (ids := list(reply_ids(content).values()))]
        ids = offers[-1] if recent else offers[which % len(offers)]
        self.hear(person, press(ids[which % len(ids)]))

    @rule(
        person=people,
        media_id=st.sampled_from(["good", "bad", "gone"]),
        caption=st.sampled_from(["", "pago"]),
    )
    def sends_a_file(self, person: Person, media_id: str, caption: str) -> None:
        part = {"id": media_id, "mime_type": "image/png", "caption": caption}
        self.hear(person, {"type": "image", "image": part})

    @rule(person=people, sound=st.sampled_from(SOUNDS))
    def makes_a_sound(self, person: Person, sound: Json) -> None:
        self.hear(person, sound)

    @rule(person=people, text=sentences)
    def says_it_twice(self, person: Person, text: str) -> None:
        """Meta delivers the same message again."""
        posted = said(person, words(text), at=self.now)
        receive(posted, posted, now=self.now)

    @precondition(lambda self: Order.objects.exists())
    @rule(which=st.integers(0, 50), verb=st.sampled_from(["confirm", "reject", "cancel", "refund"]))
    def staff_decide(self, which: int, verb: str) -> None:
        orders = list(Order.objects.order_by("pk"))
        order_id, by, now = orders[which % len(orders)].pk, self.staff, self.now
        acts: dict[str, Callable[[], object]] = {
            "confirm": lambda: confirm_payment(
                order_id=order_id, by=by, amount_minor=None, method="", reference="", now=now
            ),
            "reject": lambda: reject_proof(order_id=order_id, by=by, reason="no se lee", now=now),
            "cancel": lambda: cancel_order(order_id=order_id, actor=Actor.staff(by), reason="", now=now),
            "refund": lambda: refund_order(order_id=order_id, by=by, reason="devuelto", now=now),
        }
        with suppress(Refusal):
            acts[verb]()

    @rule(minutes=st.sampled_from([1, 10, 16, 60, 26 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        expire_orders(now=self.now)
        outbox.release_expired_leases(now=self.now)

    @rule(mishap=st.sampled_from([None, HANG_UP, Answer.refusal(131056), Answer.refusal(131026)]))
    def messages_leave(self, mishap: Answer | None) -> None:
        if mishap is not None:
            self.graph.will_answer(mishap)
        outbox.flush(now=self.now)

    @invariant()
    def what_must_hold_holds(self) -> None:
        for room in (sale_invariants, number_invariants, chat_invariants):
            # Nobody sends while hours pass here: that is told, and is no fault of what was written.
            assert [each for each in room.violations(self.now) if "should have left" not in each] == []

    @invariant()
    def every_message_is_done_with_one_bubble_at_most(self) -> None:
        assert not InboundEvent.objects.exclude(status="DONE").exists()
        answered = list(OutboundMessage.objects.exclude(answers=None).values_list("answers", flat=True))
        assert len(answered) == len(set(answered))

    @invariant()
    def there_is_always_a_way_on(self) -> None:
        for person in (ANA, LUZ):
            contact = Contact.objects.filter(bsuid=person.bsuid).first()
            if contact is not None and contact.conversation.state not in ("PAYMENT", "AGENT"):
                assert any(choices_of(content) for content in bubbles(person)[-4:])


@pytest.mark.django_db(transaction=True)
def test_any_day_leaves_everything_in_order(graph: Graph) -> None:
    graph.has_media("good", png_bytes())
    graph.has_media("bad", b"MZ\x90\x00")
    graph.gets["/v25.0/gone"] = deque([Answer.refusal(100)])

    class Day(AnyDay):
        pass

    Day.graph = graph
    run_state_machine_as_test(
        Day,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
