"""What may be deleted of raffles, and what everybody may rely on."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.models import Draw
from raffles.numbers.models import Raffle
from raffles.sales.models import Order
from tests.factories import make_order, make_raffle

pytestmark = pytest.mark.django_db


def test_a_raffle_with_sales_is_not_deleted(staff: APIClient) -> None:
    sold, empty = make_raffle(), make_raffle(status=Raffle.Status.DRAFT)
    make_order(raffle=sold, numbers=[1])
    answer = staff.delete(f"/api/v1/raffles/{sold.pk}/")
    assert (answer.status_code, answer.data["code"]) == (409, "raffle_has_sales")
    assert staff.delete(f"/api/v1/raffles/{empty.pk}/").status_code == 204
    assert list(Raffle.objects.all()) == [sold]


@pytest.mark.parametrize("move", ["open", "close"])
def test_what_everybody_has_seen_is_not_deleted(staff: APIClient, move: str) -> None:
    """With a raffle that was opened would go the rule that was published for it."""
    raffle = make_raffle(status=Raffle.Status.DRAFT)
    at = f"/api/v1/raffles/{raffle.pk}/"
    assert staff.post(f"{at}{move}/", {}, format="json").status_code == 200
    answer = staff.delete(at)
    assert (answer.status_code, answer.data["code"]) == (409, "raffle_published")
    assert Raffle.objects.get() == raffle
    assert Draw.objects.exclude(rule_digest="").count() == (1 if move == "open" else 0)


def test_a_draft_goes_with_the_plan_of_its_draw_and_is_remembered(staff: APIClient) -> None:
    raffle = make_raffle(status=Raffle.Status.DRAFT)
    at = f"/api/v1/raffles/{raffle.pk}/"
    assert staff.post(f"{at}plan-draw/", {}, format="json").status_code == 200
    assert staff.delete(at).status_code == 204
    assert (Raffle.objects.count(), Draw.objects.count()) == (0, 0)
    entry = AuditEntry.objects.get(action=Deed.RAFFLE_DELETED)
    assert (entry.subject_label, entry.before["price_minor"]) == (raffle.code, raffle.price_minor)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "This raffle has orders, if only cancelled ones: close it instead"),
        ("es", "Esta rifa tiene pedidos, aunque estén cancelados: ciérrala en lugar de eliminarla"),
        ("pt-BR", "Esta rifa tem pedidos, mesmo que cancelados: encerre-a em vez de excluí-la"),
    ],
)
def test_a_raffle_whose_only_order_was_cancelled_is_not_said_to_have_sold(
    staff: APIClient, language: str, said: str
) -> None:
    raffle = make_raffle()
    make_order(raffle=raffle, numbers=[1], status=Order.Status.CANCELLED)
    answer = staff.delete(f"/api/v1/raffles/{raffle.pk}/", headers={"accept-language": language})
    assert (answer.status_code, answer.data["code"]) == (409, "raffle_has_sales")
    assert answer.data["detail"] == said
