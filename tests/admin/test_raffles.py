from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from raffles.numbers.models import Raffle
from tests.admin.conftest import ClientOf
from tests.admin.pages import page_of, run_action, text, told
from tests.factories import NOW, make_order, make_raffle, picture_bytes

TRAIL = sys.modules["raffles.numbers.admin.trail"]
PAGE = sys.modules["raffles.numbers.admin.raffles"]
ADD = "admin:raffles_raffle_add"
FIELDS = {
    "title": "A bicycle",
    "code": "bike",
    "description": "",
    "price_minor": "50000",
    "currency": "PYG",
    "first_number": "0",
    "last_number": "99",
    "number_width": "",
    "sales_open_at_0": "2026-11-20",
    "sales_open_at_1": "08:00",
    "sales_close_at_0": "2026-11-30",
    "sales_close_at_1": "20:00",
    "draw_at_0": "2026-12-01",
    "draw_at_1": "20:00",
    "time_zone": "America/Asuncion",
    "payment_instructions": "Account 1",
    "hold_minutes": "15",
    "min_per_order": "1",
    "max_per_order": "50",
    "max_per_player": "",
}


def errors(response: Any) -> dict[str, Any]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


def test_a_new_raffle_is_a_draft_whatever_is_posted(desk: Client) -> None:
    desk.post(reverse(ADD), {**FIELDS, "status": "ACTIVE"})
    raffle = Raffle.objects.get()
    assert (raffle.status, raffle.code, raffle.price_minor, raffle.number_width) == (
        "DRAFT",
        "BIKE",
        50_000,
        2,
    )
    assert raffle.draw_at.isoformat() == "2026-12-01T23:00:00+00:00"


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("50000", "PYG", 50_000),
        ("50.000", "PYG", 50_000),
        ("12,50", "BRL", 1_250),
        ("12.5", "USD", 1_250),
        ("1,234.50", "USD", 123_450),
        ("1.234,50", "BRL", 123_450),
        ("1.234", "KWD", 1_234),
        ("2", "KWD", 2_000),
    ],
)
def test_a_price_is_typed_in_units_of_the_currency(
    desk: Client, typed: str, currency: str, minor: int
) -> None:
    desk.post(reverse(ADD), {**FIELDS, "price_minor": typed, "currency": currency})
    raffle = Raffle.objects.get()
    assert raffle.price_minor == minor
    desk.post(page_of(raffle), {**FIELDS, **_shown_price(desk, raffle), "currency": currency})
    raffle.refresh_from_db()
    assert raffle.price_minor == minor


def _shown_price(desk: Client, raffle: Raffle) -> dict[str, str]:
    form = desk.get(page_of(raffle)).context["adminform"].form
    return {"price_minor": form.initial["price_minor"]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price_minor": "0"}, "price_minor"),
        ({"price_minor": "12.50"}, "price_minor"),
        ({"price_minor": "-3"}, "price_minor"),
        ({"price_minor": "abc"}, "price_minor"),
        ({"price_minor": ""}, "price_minor"),
        ({"currency": "GUA"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"last_number": "-1"}, "last_number"),
        ({"first_number": "100"}, "last_number"),
        ({"last_number": "10000000"}, "last_number"),
        ({"draw_at_0": "2026-11-25"}, "draw_at"),
        ({"sales_close_at_0": "2026-11-19"}, "sales_close_at"),
        ({"time_zone": "Nowhere/Else"}, "time_zone"),
        ({"min_per_order": "0"}, "min_per_order"),
        ({"max_per_order": "501"}, "max_per_order"),
        ({"max_per_player": "0"}, "max_per_player"),
        ({"hold_minutes": "0"}, "hold_minutes"),
        ({"code": "a b"}, "code"),
        ({"image": ""}, None),
    ],
)
def test_what_a_raffle_cannot_be_is_said_at_its_field(
    desk: Client, changes: dict[str, str], field: str | None
) -> None:
    response = desk.post(reverse(ADD), {**FIELDS, **changes})
    if field is None:
        assert response.status_code == 302
    else:
        assert set(errors(response)) - {"price_minor"} == {field} - {"price_minor"}
        assert field in errors(response)
        assert not Raffle.objects.exists()


def test_a_picture_that_nobody_could_be_shown_is_refused_at_its_field(desk: Client) -> None:
    for content in (picture_bytes("GIF"), b"no picture"):
        file = SimpleUploadedFile("car.png", content, content_type="image/png")
        assert "JPEG, PNG or WEBP" in str(errors(desk.post(reverse(ADD), {**FIELDS, "image": file})))
    assert not Raffle.objects.exists()


def test_a_range_with_claims_only_grows_and_keeps_its_currency(desk: Client) -> None:
    desk.post(reverse(ADD), FIELDS)
    raffle = Raffle.objects.get()
    Raffle.objects.update(status="ACTIVE")
    raffle.refresh_from_db()
    make_order(raffle=raffle, numbers=(5,))
    smaller = desk.post(page_of(raffle), {**FIELDS, "last_number": "50", "number_width": "2"})
    assert set(errors(smaller)) == {"last_number"}
    desk.post(page_of(raffle), {**FIELDS, "last_number": "199", "currency": "USD", "status": "CLOSED"})
    raffle.refresh_from_db()
    assert (raffle.last_number, raffle.currency, raffle.status) == (199, "PYG", "ACTIVE")


def test_sales_are_opened_paused_and_closed_with_a_report(desk: Client) -> None:
    draft, active, closed = (make_raffle(status=status) for status in ("DRAFT", "ACTIVE", "CLOSED"))
    rows = [draft, active, closed]
    response = run_action(desk, Raffle, "open_sales", rows)
    assert told(response) == (
        f"Open sales: 1; {active.code}: not possible, the raffle is “Active”;"
        f" {closed.code}: not possible, the raffle is “Closed”"
    )
    run_action(desk, Raffle, "pause_sales", rows)
    assert _statuses(rows) == ["PAUSED", "PAUSED", "CLOSED"]
    run_action(desk, Raffle, "close_for_good", rows)
    assert _statuses(rows) == ["CLOSED", "CLOSED", "CLOSED"]


def test_buttons_move_a_raffle_and_say_when_they_cannot(desk: Client) -> None:
    raffle = make_raffle(status="DRAFT")
    assert {move["name"] for move in desk.get(page_of(raffle)).context["moves"]} == {"open", "close"}
    assert desk.get(page_of(raffle, "open")).status_code == 403
    assert "Open sales" in told(desk.post(page_of(raffle, "open"), follow=True))
    assert "not possible" in told(desk.post(page_of(raffle, "open"), follow=True))
    assert _statuses([raffle]) == ["ACTIVE"]
    assert desk.post(page_of(Raffle(pk=999), "open")).status_code == 404


def test_moving_a_raffle_needs_the_permission_to_change_it(client_of: ClientOf) -> None:
    raffle = make_raffle()
    viewer = client_of("raffles.view_raffle")
    assert viewer.get(page_of(raffle)).status_code == 200
    assert viewer.post(page_of(raffle, "close")).status_code == 403
    run_action(viewer, Raffle, "close_for_good", [raffle])
    assert _statuses([raffle]) == ["ACTIVE"]


def test_only_a_draft_can_be_deleted(desk: Client) -> None:
    draft, active = make_raffle(status="DRAFT"), make_raffle()
    for raffle, answer in ((draft, 302), (active, 403)):
        assert desk.post(page_of(raffle, "delete"), {"post": "yes"}).status_code == answer
    assert list(Raffle.objects.all()) == [active]
    assert "delete_selected" not in text(desk.get(reverse("admin:raffles_raffle_changelist")))


def test_a_draft_that_was_opened_since_its_page_was_read_stays(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    raffle = make_raffle(status="DRAFT")
    monkeypatch.setattr(PAGE.RaffleAdmin, "log_deletions", lambda *_: Raffle.objects.update(status="ACTIVE"))
    assert desk.post(page_of(raffle, "delete"), {"post": "yes"}).status_code == 403
    assert list(Raffle.objects.all()) == [raffle]


def test_the_status_is_no_field_of_the_form(desk: Client) -> None:
    form = desk.get(page_of(make_raffle())).context["adminform"].form
    assert "status" not in form.fields
    assert Raffle in admin.site._registry


def test_a_raffle_whose_sales_have_not_begun_says_so(desk: Client) -> None:
    make_raffle(sales_open_at=NOW + timedelta(hours=1))
    assert "Active, sales not begun" in text(desk.get(reverse("admin:raffles_raffle_changelist")))


def _statuses(raffles: list[Raffle]) -> list[str]:
    found = dict(Raffle.objects.values_list("pk", "status"))
    return [found[raffle.pk] for raffle in raffles]


def test_a_form_does_not_open_what_is_closed_while_it_is_saved(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    raffle = make_raffle(code="BIKE", draw_at=NOW + timedelta(days=30))
    stored = TRAIL.stored_fields

    def closed_meanwhile(*given: Any) -> dict[str, Any]:
        Raffle.objects.update(status=Raffle.Status.CLOSED)
        found: dict[str, Any] = stored(*given)
        return found

    monkeypatch.setattr(PAGE, "stored_fields", closed_meanwhile)
    answer = desk.post(page_of(raffle), {**FIELDS, "number_width": "2"})
    assert answer.status_code == 302
    raffle.refresh_from_db()
    assert (raffle.status, raffle.title) == ("CLOSED", "A bicycle")
