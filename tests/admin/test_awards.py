"""Who won what is private: who may see it is written down, and what is done with a prize is decided here."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.admin.award_steps import STEPS
from raffles.draws.models import Award, Draw
from raffles.sales.models import Player
from tests.admin.conftest import ClientOf
from tests.admin.pages import fetch, list_of, listed, page_of, run_action, text, told
from tests.draws.staging import committed_raffle, held_draw, sold
from tests.factories import NOW, make_player, pdf_bytes, png_bytes
from whatsapp.models import Contact

pytestmark = pytest.mark.django_db

PRIZES = [("A car", 1), ("Cash", 2, 500_000, "PYG")]


@pytest.fixture
def draw() -> Draw:
    """Six numbers, three prizes, two reserves; `Cash` has an amount."""
    raffle = committed_raffle(prizes=PRIZES, title="A car")
    for number in (3, 5, 12, 40, 77, 90):
        sold(raffle, number, player=make_player(name=f"Winner {number}", phone=f"+5959811100{number:02}"))
    return held_draw(raffle)


def first(draw: Draw) -> Award:
    return draw.awards.select_related("prize", "player", "order").order_by("place")[0]


def press(client: Client, award: Award, step: str, **answers: Any) -> Any:
    return client.post(page_of(award, step), answers, follow=True)


def refused(response: Any) -> str:
    return str(response.context["form"].errors)


def seen_by(username: str) -> int:
    return AuditEntry.objects.filter(action=Deed.AWARD_SEEN, user__username=username).count()


def test_each_look_at_a_winner_is_in_the_log_and_the_list_names_none(desk: Client, draw: Draw) -> None:
    award = first(draw)
    page = text(desk.get(list_of(Award)))
    assert f" {award.number}</a>" in page
    assert "Winner" not in page
    assert seen_by("boss") == 0
    page = text(desk.get(page_of(award)))
    assert award.player.name in page
    assert award.player.phone in page
    desk.get(page_of(award))
    assert seen_by("boss") == 2
    line = AuditEntry.objects.filter(action=Deed.AWARD_SEEN)[0]
    assert (line.subject_id, line.subject_label) == (str(award.pk), f"{draw.code} {award.number}")


@pytest.mark.parametrize(
    "rights", [(), ("draws.view_draw", "sales.view_order", "sales.view_player", "raffles.view_ticket")]
)
def test_who_lacks_the_right_finds_no_winner_anywhere(
    client_of: ClientOf, draw: Draw, rights: tuple[str, ...]
) -> None:
    award, client = first(draw), client_of(*rights)
    addresses = [list_of(Award), page_of(award), page_of(award, "history"), page_of(award, "proof")]
    assert [client.get(address).status_code for address in addresses] == [403] * 4
    for step in STEPS:
        assert client.post(page_of(award, step.name)).status_code == 403
    if rights:
        for address in (page_of(award.order), page_of(award.player), page_of(draw), "/admin/"):
            assert "draws/award" not in text(client.get(address)), address
    assert not AuditEntry.objects.filter(action=Deed.AWARD_SEEN).exists()


def test_a_name_is_shown_and_searched_only_by_who_may_see_players(client_of: ClientOf, draw: Draw) -> None:
    award = first(draw)
    client = client_of("draws.view_award")
    assert award.player.name not in text(client.get(page_of(award)))
    assert listed(client, Award, q=award.player.name) == set()
    assert seen_by("ana") == 1
    knowing = client_of("draws.view_award", "sales.view_player", username="eva")
    assert listed(knowing, Award, q=award.player.name) == {award.pk}


def test_prizes_are_found_by_the_phone_and_chat_of_their_winner_by_who_may_see_players(
    client_of: ClientOf, draw: Draw
) -> None:
    award, other = draw.awards.order_by("place")[:2]
    Contact.objects.create(player=award.player, wa_id="595971222333", username="la.ganadora", created_at=NOW)
    Contact.objects.create(player=other.player, wa_id="595971222444", username="el.otro", created_at=NOW)
    knowing = client_of("draws.view_award", "sales.view_player")
    assert listed(knowing, Award, q=f"{award.player.name} 98111") == set(), "nor what all phones have"
    for words in ("la.ganadora", "@la.ganadora", "595971222333", "+595 971 222333", award.player.phone):
        assert listed(knowing, Award, q=words) == {award.pk}, words
    assert listed(knowing, Award, q="5959712224449") == set()
    assert listed(knowing, Award, q=str(award.number)) == {award.pk}, "and no phone that has these digits"
    stranger = client_of("draws.view_award", username="eva")
    for words in ("la.ganadora", "595971222333", award.player.phone):
        assert listed(stranger, Award, q=words) == set(), words


def test_prizes_are_found_by_number_order_and_draw_and_filtered(desk: Client, draw: Draw) -> None:
    every = set(Award.objects.values_list("pk", flat=True))
    award = first(draw)
    for words in (str(award.number), f"0{award.number}", award.order.code.lower()):
        assert listed(desk, Award, q=words) == {award.pk}, words
    assert listed(desk, Award, q=draw.code) == every
    assert listed(desk, Award, q="99999999999999999999") == set()
    cash = set(Award.objects.filter(prize__label="Cash").values_list("pk", flat=True))
    assert listed(desk, Award, amount="PYG:500000") == cash
    assert listed(desk, Award, amount="none") == every - cash
    assert listed(desk, Award, amount="PYG:x") == every
    press(desk, award, "claim")
    assert listed(desk, Award, claim="claimed") == {award.pk}
    assert listed(desk, Award, claim="unclaimed") == every - {award.pk}
    assert listed(desk, Award, claim="near") == set()
    with time_machine.travel(award.claim_until - timedelta(days=1), tick=False):
        desk.force_login(User.objects.get(username="boss"))
        assert listed(desk, Award, claim="near") == every - {award.pk}
    assert listed(desk, Award, draw__id__exact=str(draw.pk)) == every
    assert listed(desk, Award, prize__id__exact=str(award.prize_id)) == {award.pk}


def test_a_prize_is_handed_over_with_a_note_and_a_file_that_staff_alone_see(
    desk: Client, client_of: ClientOf, draw: Draw
) -> None:
    award = first(draw)
    assert "note" in press(desk, award, "hand_over", note=" ").context["form"].errors
    text_file = SimpleUploadedFile("note.txt", b"just words")
    assert "only these files" in refused(press(desk, award, "hand_over", note="At home", proof=text_file))
    paper = SimpleUploadedFile("signed.pdf", pdf_bytes())
    answer = press(desk, award, "hand_over", note="To herself, at home", proof=paper)
    assert "Noted as handed over" in told(answer)
    award.refresh_from_db()
    assert (award.status, award.handed_over_by) == ("HANDED_OVER", User.objects.get(username="boss"))
    assert "To herself, at home" in text(desk.get(page_of(award)))
    assert fetch(desk, page_of(award, "proof")).body == pdf_bytes()
    assert AuditEntry.objects.filter(action=Deed.FILE_SEEN, subject_id=str(award.pk)).count() == 1
    assert Client().get(page_of(award, "proof")).status_code == 404
    assert client_of("sales.view_order").get(page_of(award, "proof")).status_code == 403
    assert "someone did this already" in told(press(desk, award, "hand_over", note="again"))
    assert desk.get(page_of(draw.awards.order_by("place")[1], "proof")).status_code == 404


def test_a_photo_is_taken_too_and_no_file_is_needed(desk: Client, draw: Draw) -> None:
    one, other, _third = draw.awards.order_by("place")
    photo = SimpleUploadedFile("photo.png", png_bytes())
    assert "handed over" in told(press(desk, one, "hand_over", note="x", proof=photo))
    assert "handed over" in told(press(desk, other, "hand_over", note="x"))


def test_a_lost_prize_goes_to_the_next_reserve_and_it_is_said_before(desk: Client, draw: Draw) -> None:
    award = first(draw)
    assert "goes to the next reserve" in text(desk.get(page_of(award, "lose")))
    assert "why" in press(desk, award, "lose", why="SOLD", note="x").context["form"].errors
    assert "note" in press(desk, award, "lose", why="GIVEN_UP", note="").context["form"].errors
    answer = press(desk, award, "lose", why="GIVEN_UP", note="Told us by phone")
    assert "went to the next reserve" in told(answer)
    award.refresh_from_db()
    assert (award.status, award.lost_why, award.lost_note) == ("LOST", "GIVEN_UP", "Told us by phone")
    assert Award.objects.filter(prize=award.prize, status="OPEN").count() == 1
    assert "Reserve 1: 1. A car" in text(desk.get(page_of(draw)))
    assert "someone did this already" in told(press(desk, award, "show", shown="CITY", text="Luque"))


def test_where_prizes_stay_it_is_said_before_and_after(desk: Client) -> None:
    held = held_draw(draw={"redraw": "STAYS"})
    award = first(held)
    assert "stays with the organiser" in text(desk.get(page_of(award, "lose")))
    assert "nobody else gets it" in told(press(desk, award, "lose", why="BARRED", note="x"))


def test_a_winner_who_came_forward_keeps_the_deadline_and_says_what_is_shown(
    desk: Client, draw: Draw
) -> None:
    award = first(draw)
    assert "has come forward" in told(press(desk, award, "claim"))
    assert "someone did this already" in told(press(desk, award, "claim"))
    phone = press(desk, award, "show", shown="ALIAS", text="0981 110003")
    assert "no phone or address" in refused(phone)
    assert phone.context["form"]["text"].value() == "0981 110003"
    assert "no phone or address" in refused(press(desk, award, "show", shown="CITY", text=""))
    assert "Shown like this" in told(press(desk, award, "show", shown="ALIAS", text="Ana of Luque"))
    award.refresh_from_db()
    assert (award.shown, award.shown_text, award.claimed_at is not None) == ("ALIAS", "Ana of Luque", True)
    assert "Ana of Luque" in text(desk.get(page_of(award)))
    assert desk.get(page_of(award, "show")).context["form"]["text"].value() == "Ana of Luque"
    press(desk, award, "show", shown="NOTHING", text="left over")
    award.refresh_from_db()
    assert (award.shown, award.shown_text) == ("NOTHING", "")


def test_prizes_are_exported_without_names_for_who_may_not_see_players(
    desk: Client, client_of: ClientOf, draw: Draw
) -> None:
    Player.objects.filter(pk=first(draw).player_id).update(name="=HYPERLINK(1)")
    rows = list(Award.objects.order_by("pk"))
    file = run_action(desk, Award, "export_as_csv", rows).getvalue().decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(file)))
    assert [line["number"] for line in lines] == [str(row.number) for row in rows]
    assert [line["amount"] for line in lines] == ["", "500000", "500000"]
    assert "'=HYPERLINK(1)" in [line["player"] for line in lines]
    reader = client_of("draws.view_award", username="eva")
    plain = run_action(reader, Award, "export_as_csv", rows).getvalue().decode("utf-8-sig")
    assert "HYPERLINK" not in plain
    assert "player" not in plain.splitlines()[0].split(",")
    told_of = AuditEntry.objects.filter(action=Deed.EXPORTED, subject_label="draws.Award")
    assert [line.after["rows"] for line in told_of] == [3, 3]
    book: Any = run_action(desk, Award, "export_as_xlsx", rows)
    assert book.headers["content-disposition"].endswith('awards.xlsx"')
    assert book.getvalue().startswith(b"PK")


def test_a_winner_is_forgotten_by_an_administrator_after_one_more_question(
    desk: Client, client_of: ClientOf, draw: Draw
) -> None:
    award = first(draw)
    assert page_of(award, "forget") not in text(desk.get(page_of(award)))
    assert "nothing to do" in told(press(desk, award, "forget"))
    press(desk, award, "show", shown="ALIAS", text="Wilhelmina")
    press(desk, award, "hand_over", note="to Wilhelmina herself")
    officer = client_of("draws.view_award", "draws.hand_over_award", "draws.lose_award", username="eva")
    assert page_of(award, "forget") not in text(officer.get(page_of(award)))
    assert officer.post(page_of(award, "forget")).status_code == 403
    assert "Nothing brings it back" in text(desk.get(page_of(award, "forget")))
    assert "Wilhelmina" in text(desk.get(page_of(award)))
    assert "is erased" in told(press(desk, award, "forget"))
    page = text(desk.get(page_of(award)))
    assert "Wilhelmina" not in page
    assert "Handed over" in page
    assert "Wilhelmina" not in text(desk.get(page_of(award, "history")))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_each_step_asks_for_its_right_and_a_second_factor(
    step: Any, client_of: ClientOf, settings: Settings, draw: Draw
) -> None:
    award = first(draw)
    Award.objects.filter(pk=award.pk).update(lost_note="there is something to forget")
    others = {one.permission for one in STEPS} - {step.permission}
    without = client_of("draws.view_award", *others, username="eva")
    assert without.post(page_of(award, step.name)).status_code == 403
    assert page_of(award, step.name) not in text(without.get(page_of(award)))
    client = client_of("draws.view_award", step.permission, username="ada")
    assert client.get(page_of(award, step.name)).status_code == 200
    settings.SECOND_FACTOR_GROUPS = ("prize officer",)
    User.objects.get(username="ada").groups.add(Group.objects.create(name="prize officer"))
    assert "second-factor" in client.post(page_of(award, step.name)).headers["location"]
    award.refresh_from_db()
    assert (award.status, award.claimed_at) == ("OPEN", None)


def test_whoever_sees_only_their_own_raffles_sees_the_prizes_of_those(
    client_of: ClientOf, draw: Draw
) -> None:
    other = held_draw()
    client = client_of("draws.view_award", "draws.lose_award")
    ana = User.objects.get(username="ana")
    ana.user_permissions.remove(Permission.objects.get(codename="see_every_raffle"))
    draw.raffle.organisers.add(ana)
    assert listed(client, Award) == set(draw.awards.values_list("pk", flat=True))
    assert other.code not in text(client.get(list_of(Award)))
    assert client.get(page_of(first(other))).status_code == 302
    assert client.get(page_of(first(other), "lose")).status_code == 404
    assert client.get(page_of(first(other), "proof")).status_code == 404
    assert seen_by("ana") == 0


def test_prizes_are_neither_added_typed_nor_deleted(desk: Client, draw: Draw) -> None:
    award = first(draw)
    assert desk.get(reverse("admin:draws_award_add")).status_code == 403
    assert desk.post(page_of(award), {"status": "LOST"}).status_code == 403
    assert desk.post(page_of(award, "delete"), {"post": "yes"}).status_code == 403
    award.refresh_from_db()
    assert award.status == "OPEN"
