"""Sales in any order of calls: whatever is answered is in the document, and the books hold after each."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import resolve
from hypothesis import HealthCheck, given, settings, strategies
from rest_framework.test import APIClient

from raffles.api import quotas
from raffles.numbers import invariants as numbers
from raffles.sales import invariants as sales
from tests.api.conftest import CONSUMER, calling, token_for
from tests.api.documented import operations, undocumented
from tests.factories import NOW, make_raffle, make_staff, png_bytes

pytestmark = pytest.mark.django_db

# `make fuzz-api` asks for more of them.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "5"))
BY_PLACE = {(told["path"], told["method"]): told for told in operations().values()}
LENGTH = 12
few = strategies.integers(0, 4)
money = strategies.sampled_from(["50000", "100000", "1", "0", "99999999999", "0.5"])
key = strategies.sampled_from(["", "", "a", "b"])
Step = tuple[str, int, Any, str]


def steps() -> strategies.SearchStrategy[list[Step]]:
    """Many begin sales, so that the others find some to go on with."""
    picks = strategies.lists(strategies.integers(0, 6), min_size=1, max_size=4, unique=True)
    plain = strategies.sampled_from(
        ["confirm", "proofs", "cancel", "request-cancel", "pay-with-credit", "refund"]
    )
    reserving = strategies.tuples(strategies.just("reserve"), few, picks, key)
    paying = strategies.tuples(strategies.sampled_from(["confirm-payment", "payments"]), few, money, key)
    moving = strategies.tuples(plain, few, strategies.none(), key)
    return strategies.lists(
        strategies.one_of(reserving, paying, moving), min_size=LENGTH // 2, max_size=LENGTH
    )


class Sale:
    """A shop and a desk over one raffle of seven numbers."""

    def __init__(self) -> None:
        boss = User.objects.create_superuser("boss", password="a long password of a test")
        self.shop = calling(token_for(make_staff("shop"), *CONSUMER)[1])
        self.desk = calling(token_for(boss, "staff:*")[1])
        self.raffle = make_raffle(last_number=6)
        self.player = self.shop.post(
            "/api/v1/players/", {"name": "Ana", "language": "es"}, format="json"
        ).json()
        self.orders: list[int] = []

    def play(self, step: Step) -> None:
        word, which, value, name = step
        if word == "reserve":
            body = {"player": self.player["id"], "numbers": value}
            made = self.call(self.shop, f"/api/v1/raffles/{self.raffle.pk}/reserve/", body, name)
            self.orders += [made["id"]] if "id" in made else []
        elif word == "payments":
            body = {"player": self.player["id"], "amount": value, "currency": "PYG"}
            self.call(self.desk, "/api/v1/payments/", body, name)
        elif self.orders:
            self.move(word, self.orders[which % len(self.orders)], value, name)

    def move(self, word: str, order: int, value: Any, name: str) -> None:
        address = f"/api/v1/orders/{order}/{word}/"
        by = self.shop if word in {"confirm", "request-cancel", "proofs"} else self.desk
        body = {"confirm-payment": {"amount": value}, "refund": {"reason": "asked for"}}.get(word, {})
        if word == "proofs":
            body = {"file": SimpleUploadedFile("x.png", png_bytes(), "image/png")}
        self.call(by, address, body, name, form="multipart" if word == "proofs" else "json")

    def call(self, by: APIClient, address: str, body: Any, name: str, form: str = "json") -> dict[str, Any]:
        headers = {"Idempotency-Key": name} if name else {}
        answer = by.post(address, body, format=form, headers=headers)
        found: dict[str, Any] = answer.json()
        if answer.status_code >= 400:
            assert undocumented(BY_PLACE[place_of(address), "post"], answer.status_code, found) == ""
        return found


def place_of(address: str) -> str:
    key = resolve(address).kwargs.get("pk")
    return address if key is None else address.replace(f"/{key}/", "/{id}/", 1)


def wrong() -> list[str]:
    """Files stay when a try is undone; they are no part of the books."""
    found = [*sales.violations(NOW), *numbers.violations(NOW)]
    return [line for line in found if "file" not in line.lower()]


def test_the_books_hold_whatever_is_called_in_whatever_order(settings_of_site: LazySettings) -> None:
    settings_of_site.API_RATE = (10**6, 60)

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(plan=steps())
    def play(plan: list[Step]) -> None:
        quotas.forget()
        with transaction.atomic():
            sale = Sale()
            for step in plan:
                sale.play(step)
                assert wrong() == [], step
            transaction.set_rollback(True)

    play()


@pytest.fixture
def settings_of_site(settings: LazySettings) -> LazySettings:
    return settings
