"""Planning a draw: its form, its prizes, and which number could win by it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.models import Draw, Prize
from raffles.numbers.models import Raffle
from tests.admin.conftest import ClientOf
from tests.admin.pages import fetch, list_of, listed, page_of, text, told
from tests.draws.staging import committed_raffle, draw_of, planned_raffle
from tests.factories import make_raffle, png_bytes

pytestmark = pytest.mark.django_db


def typed(draw: Draw, *prizes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The form as a browser sends it; the prizes that are there are named by rank."""
    given: dict[str, Any] = {
        "method": "BEACON",
        "reserves": "2",
        "redraw": "RESERVES",
        "claim_days": "30",
        "lottery_name": "",
        "lottery_drawing": "",
        "lottery_results": "20",
        "lottery_digits": "2",
        "lottery_mapping": "direct",
    }
    kept = list(draw.prizes.order_by("rank"))
    rows = prizes or ({},) * len(kept)
    given |= {"prizes-TOTAL_FORMS": str(len(rows)), "prizes-INITIAL_FORMS": str(len(kept))}
    for place, row in enumerate(rows):
        old = kept[place] if place < len(kept) else None
        shown = {
            "id": old.pk if old else "",
            "draw": draw.pk,
            "rank": old.rank if old else "",
            "label": old.label if old else "",
            "quantity": old.quantity if old else "1",
            "amount_minor": "",
            "currency": "PYG",
        }
        given |= {f"prizes-{place}-{name}": value for name, value in {**shown, **row}.items()}
    return given | fields


def save(client: Client, draw: Draw, *prizes: dict[str, Any], **fields: Any) -> Any:
    return client.post(page_of(draw), typed(draw, *prizes, **fields), follow=True)


def errors(response: Any) -> str:
    assert "adminform" in response.context, response.redirect_chain
    formset = response.context["inline_admin_formsets"][0].formset
    return (
        str(response.context["adminform"].form.errors) + str(formset.errors) + str(formset.non_form_errors())
    )


def test_the_button_of_a_raffle_plans_its_draw_once_and_then_leads_to_it(desk: Client) -> None:
    raffle = make_raffle(status="DRAFT")
    assert page_of(raffle, "plan") in text(desk.get(page_of(raffle)))
    first, second = (desk.post(page_of(raffle, "plan")) for _ in range(2))
    draw = Draw.objects.get()
    assert first.headers["location"] == second.headers["location"] == page_of(draw)
    page = text(desk.get(page_of(raffle)))
    assert page_of(draw) in page
    assert page_of(raffle, "plan") not in page
    assert page_of(raffle) in text(desk.get(page_of(draw)))


def test_planning_needs_its_right_and_a_raffle_that_may_still_be_drawn(
    desk: Client, client_of: ClientOf
) -> None:
    raffle = make_raffle(status="CLOSED")
    assert desk.get(page_of(raffle, "plan")).status_code == 403
    assert "is closed" in told(desk.post(page_of(raffle, "plan"), follow=True))
    assert desk.post(page_of(Raffle(pk=999), "plan")).status_code == 404
    reader = client_of("raffles.view_raffle", "raffles.change_raffle", "draws.view_draw")
    assert reader.post(page_of(make_raffle(status="DRAFT"), "plan")).status_code == 403
    assert not Draw.objects.exists()


def test_a_plan_is_saved_with_its_prizes_and_the_log_says_what_was_changed(desk: Client, boss: User) -> None:
    draw = draw_of(planned_raffle())
    cash = {"rank": "2", "label": "Cash", "quantity": "3", "amount_minor": "500.000", "currency": "pyg"}
    assert "changed successfully" in told(
        save(desk, draw, {"label": "A car"}, cash, reserves="5", method="SECRET")
    )
    draw.refresh_from_db()
    assert (draw.method, draw.reserves) == ("SECRET", 5)
    prizes = Prize.objects.order_by("rank").values_list(
        "rank", "label", "quantity", "amount_minor", "currency"
    )
    assert list(prizes) == [(1, "A car", 1, None, ""), (2, "Cash", 3, 500_000, "PYG")]
    line = AuditEntry.objects.get(action=Deed.DRAW_CHANGED)
    assert line.user == boss
    assert (line.before["method"], line.after["method"], line.after["reserves"]) == ("BEACON", "SECRET", 5)
    assert line.after["prizes"] == ["1. A car × 1", "2. Cash × 3 500000 PYG"]
    save(desk, draw, {}, {"amount_minor": "500000"}, reserves="5", method="SECRET")
    assert AuditEntry.objects.filter(action=Deed.DRAW_CHANGED).count() == 1


@pytest.mark.parametrize(
    ("prize", "words"),
    [
        ({"amount_minor": "12,5"}, "Write an amount such as"),
        ({"amount_minor": "0"}, "more than nothing"),
        ({"amount_minor": "100", "currency": "GUA"}, "needs its currency"),
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"rank": "0"}, "greater than or equal to 1"),
        ({"label": ""}, "required"),
        ({"DELETE": "on"}, "at least 1"),
    ],
)
def test_what_a_prize_cannot_be_is_said_at_its_field_and_what_was_typed_stays(
    desk: Client, prize: dict[str, str], words: str
) -> None:
    draw = draw_of(planned_raffle())
    answer = save(desk, draw, prize, reserves="7")
    assert words in errors(answer)
    assert answer.context["adminform"].form["reserves"].value() == "7"
    draw.refresh_from_db()
    assert draw.reserves == 2


def test_two_prizes_of_one_rank_are_refused(desk: Client) -> None:
    draw = draw_of(planned_raffle())
    answer = save(desk, draw, {}, {"rank": "1", "label": "Another"})
    assert re.search("duplicate|already exists", errors(answer))  # as the older and the newer Django say it
    assert draw.prizes.count() == 1


LOTTERY = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "28 November"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ""),
        ({"lottery_digits": "1"}, "could never win: 10–99"),
        ({"lottery_digits": "3", "lottery_mapping": "direct"}, ""),
        ({"lottery_digits": "1", "lottery_mapping": "remainder"}, "could never win: 10–99"),
        ({"lottery_name": " "}, "needs its name"),
        ({"lottery_drawing": ""}, "needs its name"),
        ({"lottery_digits": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_lottery_is_saved_only_with_a_rule_that_is_fair(
    desk: Client, fields: dict[str, str], words: str
) -> None:
    draw = draw_of(planned_raffle())
    answer = save(desk, draw, **{**LOTTERY, **fields})
    draw.refresh_from_db()
    assert (draw.method == "LOTTERY") is (not words)
    if words:
        assert words in errors(answer)


def test_numbers_that_win_more_often_are_named(desk: Client) -> None:
    draw = draw_of(planned_raffle(first_number=1, last_number=80))
    answer = save(desk, draw, **LOTTERY, lottery_mapping="remainder")
    assert "would win more often than the others: 1–20" in errors(answer)


def test_a_range_that_grew_beyond_the_plan_is_refused_when_sales_open(desk: Client) -> None:
    raffle = planned_raffle(draw=LOTTERY)
    Raffle.objects.update(last_number=199)
    assert "could never win: 100–199" in told(desk.post(page_of(raffle, "open"), follow=True))
    assert draw_of(raffle).status == "PLANNED"


def ask(client: Client, draw: Draw, **fields: str) -> str:
    return text(client.get(reverse("admin:draws_draw_coverage", args=(draw.pk,)), fields))


def test_the_panel_says_what_the_typed_fields_would_do(desk: Client) -> None:
    draw = draw_of(planned_raffle(last_number=99))
    assert "by our secret and a public beacon" in ask(desk, draw)
    assert "each sold number must be in it once" in ask(desk, draw, method="BARREL")
    fair = ask(desk, draw, method="LOTTERY", lottery_digits="2", lottery_mapping="direct")
    assert "each as likely as any other" in fair
    assert "Of 100 possible results each number has 1." in fair
    assert "A number that nobody has paid cannot win." in fair
    assert "<td>99</td><td>99</td>" in fair
    unfair = ask(desk, draw, method="LOTTERY", lottery_digits="1", lottery_mapping="direct")
    assert "Not fair" in unfair
    assert "10–99" in unfair
    wide = ask(desk, draw, method="LOTTERY", lottery_digits="3", lottery_mapping="direct")
    assert "<td>100</td><td>no number: passed over</td>" in wide
    folded = ask(desk, draw, method="LOTTERY", lottery_digits="3", lottery_mapping="remainder")
    assert "Of 1000 possible results each number has 10." in folded
    assert "<td>100</td><td>00</td>" in folded


@pytest.mark.parametrize("nonsense", ["", "x", "0", "10", "-1", "²", "99999"])
def test_the_panel_takes_no_harm_from_what_cannot_be_read(desk: Client, nonsense: str) -> None:
    draw = draw_of(planned_raffle(draw=LOTTERY))
    assert "Of 100 possible" in ask(desk, draw, method="?", lottery_digits=nonsense, lottery_mapping="<b>")


def test_a_picture_of_a_prize_is_seen_by_staff_alone(desk: Client, client_of: ClientOf) -> None:
    draw = draw_of(planned_raffle())
    file = SimpleUploadedFile("car.png", png_bytes(), content_type="image/png")
    save(desk, draw, {"picture": file})
    prize = Prize.objects.get()
    address = reverse("admin:draws_draw_picture", args=(draw.pk, prize.pk))
    assert address in text(desk.get(page_of(draw)))
    assert fetch(desk, address).body == png_bytes()
    assert client_of("raffles.view_raffle").get(address).status_code == 403
    assert Client().get(address).status_code == 404
    other = reverse("admin:draws_draw_picture", args=(draw.pk + 1, prize.pk))
    assert desk.get(other).status_code == 404
    bad = SimpleUploadedFile("x.png", io.BytesIO(b"no picture").getvalue(), content_type="image/png")
    assert "JPEG, PNG or WEBP" in errors(save(desk, draw, {"picture": bad}))


def test_a_published_draw_is_no_form_any_more(desk: Client) -> None:
    draw = draw_of(committed_raffle())
    assert "adminform" not in desk.get(page_of(draw)).context
    assert desk.post(page_of(draw), typed(draw, reserves="9")).status_code == 403
    draw.refresh_from_db()
    assert draw.reserves == 2


def test_who_may_only_look_reads_a_plan_and_types_nothing(client_of: ClientOf) -> None:
    draw = draw_of(planned_raffle())
    reader = client_of("draws.view_draw")
    page = text(reader.get(page_of(draw)))
    assert "published with the opening of the sales" in page
    assert "by our secret and a public beacon" in page
    assert reader.post(page_of(draw), typed(draw)).status_code == 403


def test_a_planned_draw_is_called_like_its_raffle_and_goes_with_it(desk: Client) -> None:
    raffle = planned_raffle(code="OLD")
    form = desk.get(page_of(raffle)).context["adminform"].form
    given: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if hasattr(field.widget, "widgets") and name != "image":
            parts = field.widget.decompress(value)
            given |= {f"{name}_0": str(parts[0]), f"{name}_1": str(parts[1])}
        elif name not in {"image", "organisers"}:
            given[name] = "" if value is None else value
    assert desk.post(page_of(raffle), {**given, "code": "NEW"}).status_code == 302
    assert draw_of(raffle).code == "NEW"
    desk.post(page_of(raffle, "delete"), {"post": "yes"})
    assert not Draw.objects.exists()


def test_draws_are_found_by_code_and_title_and_the_list_says_the_times_of_a_plan(desk: Client) -> None:
    raffle, other = (
        planned_raffle(title="A motorbike", code="MOTO"),
        committed_raffle(title="A car", code="CAR"),
    )
    for words in ("moto", "motorbike"):
        assert listed(desk, Draw, q=words) == {draw_of(raffle).pk}
    assert listed(desk, Draw, status__exact="COMMITTED") == {draw_of(other).pk}
    page = text(desk.get(list_of(Draw)))
    assert "A motorbike" in page
    assert "11/28/2026" in page
    assert desk.get(reverse("admin:draws_draw_add")).status_code == 403
    assert desk.get(page_of(draw_of(raffle), "delete")).status_code == 403
