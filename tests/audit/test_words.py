"""What is stored are fields, minor units and codes; what staff read are names, money, times and states."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from raffles.audit.models import AuditEntry, Deed
from raffles.audit.recording import record
from raffles.numbers.models import Raffle
from tests.admin.pages import list_of, page_of, text
from tests.factories import NOW, make_order, make_player, make_raffle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "own_files")]


def lines(client: Client, entry: AuditEntry, language: str = "en") -> set[str]:
    """Of its own page; its row in the list says the same. PostgreSQL orders the names in its own way."""
    in_language = {"accept-language": language}
    page = text(client.get(page_of(entry), headers=in_language))
    shown = re.findall(r"<div>([^<]*(?:<span[^>]*>[^<]*</span>[^<]*)*)</div>", page)
    told = [re.sub(r"<[^>]+>", "", line).replace("\xa0", " ").replace("\u202f", " ") for line in shown]
    listed = text(client.get(list_of(AuditEntry), headers=in_language))
    assert all(f"<div>{line}</div>" in listed for line in shown)
    return {line for line in told if ": " in line}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["price: PYG 10,000 → PYG 20,000", "draw at: 11/28/2026 8 p.m. → 11/29/2026 8 p.m."]),
        ("es", ["precio: 10.000 PYG → 20.000 PYG", "fecha del sorteo: 28/11/2026 20:00 → 29/11/2026 20:00"]),
        ("pt-BR", ["preço: PYG 10.000 → PYG 20.000", "data do sorteio: 28/11/2026 20:00 → 29/11/2026 20:00"]),
    ],
)
def test_a_changed_raffle_is_read_in_the_language_of_the_reader(
    desk: Client, language: str, told: list[str]
) -> None:
    entry = record(
        Deed.RAFFLE_CHANGED,
        subject=make_raffle(currency="PYG"),
        actor="x",
        before={"price_minor": 10_000, "draw_at": "2026-11-28T23:00:00+00:00"},
        after={"price_minor": 20_000, "draw_at": "2026-11-29T23:00:00+00:00"},
        now=NOW,
    )
    assert lines(desk, entry, language) == set(told)
    stored = AuditEntry.objects.get(pk=entry.pk)
    assert stored.before == {"price_minor": 10_000, "draw_at": "2026-11-28T23:00:00+00:00"}


def test_states_are_read_by_their_labels(desk: Client) -> None:
    order = make_order()
    moved = record(
        Deed.ORDER_MOVED,
        subject=order,
        actor="x",
        before={"status": "PENDING_PAYMENT"},
        after={"status": "PAID"},
        now=NOW,
    )
    decided = record(
        Deed.PROOFS_DECIDED, subject=order, actor="x", after={"status": "REJECTED", "proofs": 2}, now=NOW
    )
    assert lines(desk, moved) == {"status: Waiting for payment → Paid"}
    assert lines(desk, decided) == {"status: Rejected", "payment proofs: 2"}


def test_money_of_a_line_that_names_its_currency_is_in_that_one(desk: Client) -> None:
    told = {"amount_minor": 1_050, "currency": "USD", "method": "transfer"}
    entry = record(Deed.PAYMENT_CONFIRMED, subject=make_order(), actor="x", after=told, now=NOW)
    assert lines(desk, entry) == {"amount: $10.50", "currency: USD", "method: Bank transfer"}


def test_money_is_in_the_currency_of_then_though_it_was_changed_since(desk: Client) -> None:
    raffle = make_raffle(currency="USD", price_minor=2_000)
    price = record(
        Deed.RAFFLE_CHANGED,
        subject=raffle,
        actor="x",
        before={"price_minor": 10_000},
        after={"price_minor": 20_000},
        now=NOW,
    )
    both = record(
        Deed.RAFFLE_CHANGED,
        subject=raffle,
        actor="x",
        before={"price_minor": 20_000, "currency": "PYG"},
        after={"price_minor": 2_000, "currency": "USD"},
        now=NOW,
    )
    assert lines(desk, price) == {"price: PYG 10,000 → PYG 20,000"}
    assert lines(desk, both) == {"price: PYG 20,000 → $20.00", "currency: PYG → USD"}


def test_money_of_a_raffle_that_is_gone_is_read_by_the_line_of_its_deletion(desk: Client) -> None:
    raffle = make_raffle(status="DRAFT", currency="USD", price_minor=1_050)
    limit = {"two_people_from_minor": 500_000}
    entry = record(Deed.RAFFLE_CHANGED, subject=raffle, actor="x", after=limit, now=NOW)
    desk.post(page_of(raffle, "delete"), {"post": "yes"})
    assert not Raffle.objects.exists()
    assert lines(desk, entry) == {"two people from: $5,000.00"}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"price_minor": 10_000}, "price_minor: 10000"),
        ({"colour": "red"}, "colour: red"),
        ({"colour": {"deep": 1}}, "colour: {&quot;deep&quot;: 1}"),
        ({"colour": "2026-99-99T00:00:00Z"}, "colour: 2026-99-99T00:00:00Z"),
    ],
)
@pytest.mark.parametrize("model", ["raffles.Gone", "gone", ""])
def test_what_no_model_knows_any_more_is_told_as_it_stands(
    desk: Client, told: dict[str, Any], said: str, model: str
) -> None:
    entry = AuditEntry.objects.create(
        at=NOW, actor="x", action="gone.done", subject_type=model, subject_id="1", after=told
    )
    assert lines(desk, entry) == {said}


def test_lists_answers_and_names_of_fields_are_words_too(desk: Client, boss: User) -> None:
    player = record(
        Deed.PLAYER_CHANGED, subject=make_player(), actor="x", after={"fields": ["phone", "city"]}, now=NOW
    )
    assert lines(desk, player, "es") == {"campos modificados: teléfono, ciudad"}
    after = {"active": False, "groups": ["operator", "auditor"], "rights": []}
    user = record(Deed.USER_CHANGED, subject=boss, actor="x", after=after, now=NOW)
    assert lines(desk, user, "es") == {"activo: no", "grupos: operador, auditor", "permisos de usuario: –"}


def test_what_the_line_is_about_is_named_and_not_by_its_class(desk: Client) -> None:
    entry = record(Deed.CHAT_SEEN, subject=make_player(), actor="x", now=NOW)
    page = text(desk.get(page_of(entry)))
    assert "sales.Player" not in page


def test_a_page_of_prices_costs_two_queries_more_and_not_one_for_each(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    for _line in range(60):
        raffle = make_raffle()
        record(Deed.RAFFLE_CHANGED, subject=raffle, actor="x", after={"price_minor": 1}, now=NOW)
    desk.get(list_of(AuditEntry))
    with django_assert_max_num_queries(16):
        desk.get(list_of(AuditEntry))
