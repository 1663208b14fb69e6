"""A client made from the document buys and confirms, with its types."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django.live_server_helper import LiveServer

from config.env import ROOT
from tests.api.conftest import CONSUMER, token_for
from tests.draws.staging import held_draw
from tests.factories import make_raffle, make_staff

PACKAGE = "raffle_desk_client"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("client")
    config = place / "config.yaml"
    config.write_text("post_hooks: []\n")
    words = ["generate", "--path", str(ROOT / "docs" / "openapi.yaml"), "--config", str(config)]
    tool = [sys.executable, "-m", "openapi_python_client"]
    done = subprocess.run(
        [*tool, *words, "--meta", "none", "--output-path", str(place / PACKAGE), "--fail-on-warning"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(place))
    yield place / PACKAGE
    sys.path.remove(str(place))


def part(name: str) -> ModuleType:
    return importlib.import_module(f"{PACKAGE}.{name}")


def calling(address: str, secret: str) -> Any:
    return part("client").AuthenticatedClient(base_url=address, token=secret, prefix="Token")


@pytest.mark.django_db(transaction=True)
def test_the_generated_client_sells_a_number(made: Path, live_server: LiveServer) -> None:
    raffle = make_raffle()
    boss = User.objects.create_superuser("boss", password="a long password of a test")
    shop = calling(live_server.url, token_for(make_staff("shop"), *CONSUMER)[1])
    desk = calling(live_server.url, token_for(boss, "staff:*")[1])
    models = part("models")

    with shop, desk:
        page = part("api.raffles.raffles_list").sync(client=shop)
        assert [(each.id, each.price.amount) for each in page.results] == [(raffle.pk, "50000")]

        wish = models.RegisterPlayerRequest(name="Ana", language=models.Language.ES)
        player = part("api.players.players_create").sync(client=shop, body=wish)
        body = models.ReserveRequest(player=player.id, numbers=[7, 8])
        reserve = part("api.raffles.raffles_reserve")
        order = reserve.sync(raffle.pk, client=shop, body=body, idempotency_key="cart-17")
        assert (order.status, order.numbers) == (models.OrderStatus.DRAFT, ["07", "08"])
        again = reserve.sync(raffle.pk, client=shop, body=body, idempotency_key="cart-17")
        assert again.id == order.id

        refused = reserve.sync(raffle.pk, client=shop, body=body)
        assert isinstance(refused, models.Error)
        assert refused.code == "numbers_taken"

        confirmed = part("api.orders.orders_confirm").sync(order.id, client=shop)
        assert confirmed.status == models.OrderStatus.PENDING_PAYMENT
        paid = part("api.orders.orders_confirm_payment").sync(
            order.id, client=desk, body=models.ConfirmPaymentRequest(reference="BANK-1")
        )
        assert (paid.status, paid.missing.amount) == (models.OrderStatus.PAID, "0")
        assert paid.history[0].from_status is None


@pytest.mark.django_db(transaction=True)
def test_the_generated_client_reads_a_draw_and_what_its_number_won(
    made: Path, live_server: LiveServer
) -> None:
    draw = held_draw(numbers=(7,), draw={"method": "SECRET"})
    boss = User.objects.create_superuser("boss", password="a long password of a test")
    scopes = ("staff:draws", "staff:orders", "awards:read")
    models = part("models")

    with calling(live_server.url, token_for(boss, *scopes)[1]) as desk:
        read = part("api.draws.draws_read").sync(draw.code, client=desk)
        assert (read.status, read.sequence) == (models.DrawStatus.DRAWN, [7])
        assert (read.winners[0].number, read.winners[0].name) == (7, "")
        receipt = part("api.draws.draws_receipt").sync(draw.code, 7, client=desk)
        assert (receipt.root, receipt.path) == (draw.root, [])
        page = part("api.awards.awards_list").sync(client=desk, draw=draw.code)
        assert [(each.prize, each.status) for each in page.results] == [
            ("A motorbike", models.AwardStatus.OPEN)
        ]
        early = part("api.draws.draws_close").sync(draw.code, client=desk)
        assert isinstance(early, models.Error)
        assert early.code == "draw_move_not_allowed"
