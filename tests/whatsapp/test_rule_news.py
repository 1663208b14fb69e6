"""A changed rule is told to whoever had paid before: bit by bit, once for each version."""

from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.numbers.actions import change_rule
from raffles.numbers.actions.change_rule import RuleChange
from raffles.numbers.models import Raffle
from tests.draws.staging import STAFF, sold
from tests.factories import make_player
from tests.whatsapp.chat import heard, make_contact
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, NOW
from tests.whatsapp.test_templates_notices import approve_all
from tests.whatsapp.winning import BETO, LUZ, a_raffle, ana, keys
from whatsapp import outbox
from whatsapp.models import Contact, OutboundMessage
from whatsapp.rule_news import tell_rule_changes

pytestmark = pytest.mark.django_db(transaction=True)
SOON = NOW + timedelta(minutes=1)


def put_off(raffle: Raffle, days: int = 1) -> None:
    raffle.refresh_from_db()
    change = RuleChange(draw_at=raffle.draw_at + timedelta(days=days))
    change_rule(raffle_id=raffle.pk, change=change, reason="Hay *tormenta*", actor=STAFF, now=NOW)


def buyers(raffle: Raffle) -> list[Contact]:
    contacts = [ana(), make_contact(LUZ)]
    for number, contact in enumerate(contacts, start=1):
        sold(raffle, number, player=contact.player)
    return contacts


def test_the_first_rule_is_no_news() -> None:
    buyers(a_raffle())
    assert tell_rule_changes(now=SOON) == 0
    assert not any(key.startswith("rule:") for key in keys())


def test_each_buyer_hears_of_each_change_once_with_its_reason_and_the_new_day() -> None:
    raffle = a_raffle()
    buyers(raffle)
    before = len(heard(ANA))
    put_off(raffle)
    assert len(heard(ANA)) == before
    assert [tell_rule_changes(now=SOON, limit=1) for _round in range(3)] == [1, 1, 0]
    (news,) = heard(ANA)[before:]
    assert all(words in news for words in ("> Hay *\u200btormenta*", "30 de noviembre", "/draws/MOTO/"))
    put_off(raffle)
    assert [tell_rule_changes(now=SOON) for _round in range(2)] == [2, 0]
    assert len(heard(ANA)) == before + 2


def test_also_who_said_stop_hears_it_but_not_who_bought_nothing_or_bought_later() -> None:
    raffle = a_raffle()
    (first, _) = buyers(raffle)
    first.player.news_stopped_at = NOW
    first.player.save()
    make_contact(BETO)
    put_off(raffle)
    sold(raffle, 50, player=Contact.objects.get(bsuid=BETO.bsuid).player, now=SOON)
    sold(raffle, 51, player=make_player(name="By paper"))
    assert tell_rule_changes(now=SOON) == 2
    assert not any("Cambió" in words for words in heard(BETO))


def test_old_news_is_not_told() -> None:
    raffle = a_raffle()
    buyers(raffle)
    put_off(raffle)
    assert tell_rule_changes(now=NOW + timedelta(days=4)) == 0


def test_late_it_is_said_by_its_template(graph: Graph) -> None:
    approve_all()
    raffle = a_raffle()
    buyers(raffle)
    put_off(raffle)
    tell_rule_changes(now=SOON)
    outbox.flush(now=NOW + timedelta(hours=25))
    row = OutboundMessage.objects.filter(dedupe_key__startswith="rule:").first()
    assert row is not None
    assert row.sent_as is not None
    assert row.sent_as["template"]["name"] == "raffle_rule_changed_v1"
