"""A draw that is called off is told to everybody who played: bit by bit, once, and late by its template."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from raffles.draws.actions import call_off_draw
from raffles.numbers.models import Raffle
from raffles.sales.actions import cancel_order, refund_order
from raffles.sales.models import Actor, Order
from tests.draws.staging import draw_of, sold
from tests.factories import make_order, make_player, make_staff
from tests.whatsapp.chat import heard, make_contact
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, NOW
from tests.whatsapp.test_templates_notices import approve_all, wording
from tests.whatsapp.winning import BETO, LUZ, a_raffle, ana
from whatsapp import outbox, templates
from whatsapp.called_off_news import tell_called_off
from whatsapp.models import Contact, OutboundMessage
from whatsapp.tasks import sweep_called_off_news

pytestmark = pytest.mark.django_db(transaction=True)
SOON = NOW + timedelta(minutes=1)
WORDS = {"es": "fue cancelado", "pt-br": "foi cancelado", "en": "was called off"}


def call_off(raffle: Raffle) -> None:
    draw = draw_of(raffle)
    call_off_draw(draw_id=draw.pk, by=make_staff(), reason="Se la *robaron*", now=NOW)


def buyers(raffle: Raffle) -> list[Contact]:
    contacts = [ana(), make_contact(LUZ)]
    for number, contact in enumerate(contacts, start=1):
        sold(raffle, number, player=contact.player, now=NOW - timedelta(hours=1))
    return contacts


def news() -> list[OutboundMessage]:
    rows = OutboundMessage.objects.filter(dedupe_key__contains=":called_off:")
    return list(rows.select_related("contact__player").order_by("pk"))


def test_everybody_who_played_hears_it_once_with_its_reason() -> None:
    raffle = a_raffle()
    buyers(raffle)
    assert tell_called_off(now=SOON) == 0
    before = len(heard(ANA))
    call_off(raffle)
    assert len(heard(ANA)) == before
    assert [tell_called_off(now=SOON, limit=1) for _round in range(3)] == [1, 1, 0]
    (said,) = heard(ANA)[before:]
    assert all(words in said for words in ("Moto 0 km", "> Se la *\u200brobaron*", "/draws/MOTO/"))
    assert tell_called_off(now=SOON) == 0
    assert len(heard(LUZ)) == len(heard(ANA))


def test_the_minute_sweep_tells_it(settings: object) -> None:
    raffle = a_raffle()
    buyers(raffle)
    call_off(raffle)
    for _minute in range(2):
        sweep_called_off_news.call_local()
    assert len(news()) == 2


def test_who_paid_waits_or_was_refunded_since_hears_it_and_who_left_before_does_not() -> None:
    raffle = a_raffle()
    (first, second) = buyers(raffle)
    first.player.news_stopped_at = NOW
    first.player.save()
    waiting = make_contact(BETO)
    make_order(raffle=raffle, player=waiting.player, numbers=(9,), status=Order.Status.UNDER_REVIEW)
    before = NOW - timedelta(minutes=30)
    left = make_order(raffle=raffle, player=make_player(name="Left"), numbers=(10,), now=before)
    cancel_order(order_id=left.pk, actor=Actor.player(), reason="", now=before)
    Contact.objects.create(bsuid="PY.1", player=left.player, created_at=NOW)
    sold(raffle, 51, player=make_player(name="By paper"))
    sold(a_raffle(code="TV"), 4, player=make_player(name="Other"))
    call_off(raffle)
    order = Order.objects.get(player=second.player)
    refund_order(order_id=order.pk, by=make_staff(), reason="no draw", now=NOW + timedelta(seconds=5))
    assert tell_called_off(now=SOON) == 3
    assert {row.contact_id for row in news()} == {first.pk, second.pk, waiting.pk}


def test_old_news_is_not_told() -> None:
    raffle = a_raffle()
    buyers(raffle)
    call_off(raffle)
    assert tell_called_off(now=NOW + timedelta(days=31)) == 0


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_late_it_is_said_by_its_template_and_without_one_it_waits(graph: Graph, language: str) -> None:
    raffle = a_raffle()
    for contact in buyers(raffle):
        contact.player.language = language
        contact.player.save()
    call_off(raffle)
    tell_called_off(now=SOON)
    late = NOW + timedelta(hours=25)
    outbox.flush(now=late)
    assert {row.status for row in news()} == {OutboundMessage.Status.WAITING}
    assert all(WORDS[language] in str(row.content) for row in news())
    approve_all()
    OutboundMessage.objects.update(status=OutboundMessage.Status.QUEUED, next_try_at=None)
    outbox.flush(now=late)
    for row in news():
        assert row.sent_as is not None
        assert row.sent_as["template"]["name"] == wording("draw_called_off", row.contact).name
        assert WORDS[language] in templates.words_read(row.sent_as)
