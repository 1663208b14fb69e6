"""How the webhook stores: one trip, through a database that went away, and past what it does not need."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.whatsapp.meta import ANA, body, message, post, said, status, statuses, value, words
from whatsapp.models import InboundEvent


@pytest.mark.django_db(transaction=True)
def test_a_post_is_stored_in_one_statement_however_much_it_holds(client: Client) -> None:
    many = body(*(value(message(ANA, words(f"{n}"))) for n in range(30)))
    for posted in (said(ANA, words("menu")), many):
        with CaptureQueriesContext(connection) as asked:
            assert post(client, posted).status_code == 200
        assert len(asked) == 1
    assert InboundEvent.objects.count() == 31


@pytest.mark.django_db(transaction=True)
def test_a_thousand_events_of_one_post_are_stored(client: Client) -> None:
    told = statuses(*(status(f"wamid.{n}", "read") for n in range(1000)))
    assert post(client, told).status_code == 200
    assert post(client, told).status_code == 200
    assert InboundEvent.objects.count() == 1000


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_meanwhile_costs_no_webhook(client: Client) -> None:
    post(client, said(ANA, words("menu")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    assert post(client, said(ANA, words("rifas"))).status_code == 200
    assert InboundEvent.objects.count() == 2
