"""How tests read and press what staff see."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from raffles.sales.models import Order
from raffles.sales.queries import stamp_of as stamp


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(row: Model, view: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{view}", args=(row.pk,))


def text(response: Any) -> str:
    return str(response.content.decode())


def fetch(client: Client, address: str) -> Any:
    """A file, read to its end, which also closes it; `body` are its bytes."""
    response: Any = client.get(address)
    response.body = response.getvalue() if response.streaming else response.content
    return response


def told(response: Any) -> str:
    """The messages staff are shown after what they did."""
    return "\n".join(str(message) for message in response.context["messages"])


def listed(client: Client, model: type[Model], **query: str) -> set[int]:
    response = client.get(list_of(model), query)
    assert response.status_code == 200, (model, query, response.status_code)
    return {row.pk for row in response.context["cl"].result_list}


def decide(client: Client, order: Order, decision: str, **answers: str) -> Any:
    """Presses the button on the form page that was opened just now; follows to where it leads."""
    given = {"seen": stamp(Order.objects.get(pk=order.pk)), **answers}
    return client.post(page_of(order, decision), given, follow=True)


def run_action(
    client: Client, model: type[Model], action: str, rows: Collection[Model], **answers: str
) -> Any:
    chosen: dict[str, Any] = {"action": action, "_selected_action": [str(row.pk) for row in rows], **answers}
    return client.post(list_of(model), chosen, follow=True)


def status_of(order: Order) -> str:
    return Order.objects.values_list("status", flat=True).get(pk=order.pk)
