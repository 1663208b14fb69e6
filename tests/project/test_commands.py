"""The commands that plug the rooms together, on real rows."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from raffles.draws.models import Draw
from raffles.numbers.models import NumberBlock, Raffle, Ticket
from raffles.sales.models import Order, PaymentProof
from tests.factories import png_bytes
from whatsapp.models import InboundEvent


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture
def demo(transactional_db: None, settings: Settings, tmp_path: Path) -> None:
    settings.DEBUG = True
    settings.MEDIA_ROOT = tmp_path
    assert run("demo_data") == "Made 4 demo raffles.\n"


@pytest.mark.usefixtures("demo")
def test_the_demo_shows_every_size_an_order_in_every_state_and_a_draw() -> None:
    assert sorted(raffle.size for raffle in Raffle.objects.all()) == [50, 100, 1000, 10_000]
    assert set(Order.objects.values_list("status", flat=True)) == set(Order.Status.values)
    assert Ticket.objects.filter(status=Ticket.Status.SOLD).count() == 37 + 240 + 1200 + 31
    assert PaymentProof.objects.count() == 6
    assert sorted(Draw.objects.values_list("status", flat=True)) == ["COMMITTED"] * 3 + ["DRAWN"]


@pytest.mark.usefixtures("demo")
def test_every_rule_of_the_demo_was_published_before_its_first_sale(client: Client) -> None:
    for code in Raffle.objects.values_list("code", flat=True):
        page = client.get(f"/draws/{code}/", headers={"accept-language": "en"}).content.decode()
        assert "The rule" in page
        assert "The rule was published after sales had begun" not in page, code


@pytest.mark.usefixtures("demo")
def test_a_second_run_of_the_demo_data_changes_nothing() -> None:
    before = (Order.objects.count(), Ticket.objects.count(), Raffle.objects.count())
    assert run("demo_data") == "The demo raffles are there already.\n"
    assert (Order.objects.count(), Ticket.objects.count(), Raffle.objects.count()) == before


@pytest.mark.django_db
def test_the_demo_data_are_refused_where_money_moves(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG=1"):
        run("demo_data")
    assert not Raffle.objects.exists()


@pytest.mark.usefixtures("demo")
def test_the_doctor_finds_nothing_wrong_with_the_demo() -> None:
    assert run("doctor").endswith("\nAll is well.\n")


@pytest.mark.usefixtures("demo")
def test_the_doctor_names_a_counter_that_is_off_and_changes_nothing() -> None:
    NumberBlock.objects.filter(raffle__code="MOTO").update(sold=36)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 thing is wrong"):
        call_command("doctor", stdout=out)
    assert "MOTO" in out.getvalue()
    assert NumberBlock.objects.get(raffle__code="MOTO").sold == 36


@pytest.mark.usefixtures("demo")
def test_the_doctor_names_events_that_nobody_reads() -> None:
    late = timezone.now() - timedelta(hours=1)
    InboundEvent.objects.create(
        event_key="k", kind="MESSAGE", field="messages", payload={}, happened_at=late, received_at=late
    )
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=out)
    assert "start the worker" in out.getvalue()


@pytest.mark.usefixtures("demo")
def test_the_chat_buys_from_the_shell(tmp_path: Path) -> None:
    receipt, transcript = tmp_path / "receipt.png", tmp_path / "chat.txt"
    receipt.write_bytes(png_bytes())
    said = run("chat", "--from", "595981000001", "menu", "rifas", "1", "al azar 2")
    assert "[Rifas]" in said
    assert "Reservado para ti" in said
    assert "A pagar" in run("chat", "--from", "595981000001", "--tap", "Confirmar")
    run("chat", "--from", "595981000001", "--file", str(receipt), "--transcript", str(transcript))
    assert "Recibimos tu comprobante" in transcript.read_text(encoding="utf-8")
    order = Order.objects.latest("pk")
    assert (order.status, order.proofs.count()) == (Order.Status.UNDER_REVIEW, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "Ana", "menu"), "digits of a phone number"),
        (("--from", "595981000001", "--tap", "Confirmar"), "No message of the bot has"),
        (("--from", "595981000001", "--file", "nowhere.png"), "There is no file"),
    ],
)
def test_the_chat_says_what_it_cannot_do(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        run("chat", *words)


def test_the_chat_needs_the_simulator(settings: Settings) -> None:
    settings.SIMULATOR = False
    with pytest.raises(CommandError, match="SIMULATOR=1"):
        run("chat", "--from", "595981000001", "menu")


def test_the_map_in_the_docs_is_the_one_the_engine_follows(settings: Settings, tmp_path: Path) -> None:
    call_command("conversation_map", "--check")
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="out of date"):
        call_command("conversation_map", "--check")
