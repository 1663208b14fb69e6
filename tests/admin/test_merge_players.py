"""One person who is two players: what staff see before, what comes of it, and who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from config.people.roles import ROLES
from raffles.audit.models import AuditEntry, Deed
from raffles.numbers.models import Ticket
from raffles.sales.invariants import violations
from raffles.sales.models import Order, Payment, Player
from raffles.sales.queries import credits_of
from tests.admin.chats import make_contact
from tests.admin.conftest import ClientOf
from tests.admin.merging import S, give, look, new, old, press
from tests.admin.pages import page_of, text, told
from tests.factories import NOW, make_order, make_player, make_raffle

__all__ = ["new", "old"]
VIEW, MERGE = "sales.view_player", "sales.merge_players"


def facts_of(player: Player) -> dict[str, Any]:
    """What is in the tables, asked without the code of the page."""
    row = Player.objects.get(pk=player.pk)
    return {
        "own": (row.name, row.phone, row.email, row.city, row.language),
        "orders": sorted(Order.objects.filter(player=row).values_list("code", flat=True)),
        "numbers": sorted(Ticket.objects.filter(order__player=row).values_list("number", flat=True)),
        "payments": Payment.objects.filter(player=row).count(),
        "credit": credits_of(row.pk),
    }


def shown_facts(holding: Any) -> dict[str, Any]:
    row = holding.player
    return {
        "own": (row.name, row.phone, row.email, row.city, row.language),
        "orders": sorted(one.order.code for one in holding.orders),
        "numbers": sorted(int(label) for one in holding.orders for label in one.glance.units),
        "payments": holding.payments,
        "credit": credits_in_words(holding.credit),
    }


def credits_in_words(words: str) -> list[tuple[int, str]]:
    digits = "".join(sign for sign in words if sign.isdigit())
    return [(int(digits), "PYG")] if digits else []


def test_what_is_shown_before_is_what_comes_of_it(desk: Client, old: Player, new: Player) -> None:
    before = {player.pk: facts_of(player) for player in (old, new)}
    shown = look(desk, new, old).context["merged"]
    assert {player.pk: facts_of(player) for player in (old, new)} == before
    assert [shown_facts(shown.keep), shown_facts(shown.gone)] == [before[old.pk], before[new.pk]]
    expected = shown_facts(shown.after)
    assert expected["own"] == ("Ana", "+595981000001", "ana@example.com", "Luque", "pt-br")
    assert (expected["numbers"], expected["payments"], expected["credit"]) == ([1, 2, 3], 3, [(1000, "PYG")])

    press(desk, new, old)

    assert facts_of(old) == expected
    empty = facts_of(new)
    assert (empty["orders"], empty["payments"], empty["credit"]) == ([], 0, [])
    assert Player.objects.get(pk=new.pk).merged_into == old
    assert list(violations(NOW)) == []


def test_a_look_changes_and_logs_nothing(desk: Client, old: Player, new: Player) -> None:
    before = AuditEntry.objects.count()
    look(desk, old, new)
    assert AuditEntry.objects.count() == before
    assert not Player.objects.exclude(merged_into=None).exists()


def test_the_older_stays_unless_staff_let_the_other_stay(desk: Client, old: Player, new: Player) -> None:
    assert [look(desk, one, other).context["keep"] for one, other in ((old, new), (new, old))] == [old, old]
    press(desk, new, old, keep=new.pk)
    assert Player.objects.get(pk=old.pk).merged_into == new
    assert facts_of(new)["own"][0] == "Ana María"


def test_who_did_it_is_in_the_log_and_no_name_of_the_player(
    desk: Client, boss: User, old: Player, new: Player
) -> None:
    press(desk, new, old)
    (line,) = AuditEntry.objects.filter(action=Deed.PLAYERS_MERGED)
    assert (line.user, line.actor, line.subject_id) == (boss, "staff:boss", str(old.pk))
    assert line.before == {"player": f"#{new.pk}"}
    assert line.after == {"player": f"#{old.pk}", "orders": 1, "payments": 1, "refunds": 0}
    assert "Ana" not in line.subject_label


def test_pressed_twice_it_is_one_and_says_so(desk: Client, old: Player, new: Player) -> None:
    shown = look(desk, new, old).context
    given = {"with": old.pk, "keep": old.pk, "seen": shown["merged"].seen}
    assert "are one player now" in told(desk.post(page_of(new, "merge"), given, follow=True))
    once = facts_of(old)
    for page in (new, old):
        given["with"] = old.pk if page is new else new.pk
        assert "was merged already" in told(desk.post(page_of(page, "merge"), given, follow=True))
    assert facts_of(old) == once
    assert AuditEntry.objects.filter(action=Deed.PLAYERS_MERGED).count() == 1


def test_what_changed_since_the_look_is_shown_again_and_nothing_is_done(
    desk: Client, old: Player, new: Player
) -> None:
    seen = look(desk, new, old).context["merged"].seen
    give(new, 5)
    given = {"with": old.pk, "keep": old.pk, "seen": seen}
    again = desk.post(page_of(new, "merge"), given)
    assert "Something changed" in told(again)
    assert again.context["merged"].seen != seen
    assert Player.objects.get(pk=new.pk).merged_into is None
    assert "are one player now" in told(
        desk.post(page_of(new, "merge"), given | {"seen": again.context["merged"].seen}, follow=True)
    )


def test_a_link_merges_nobody(desk: Client, old: Player, new: Player) -> None:
    seen = look(desk, new, old).context["merged"].seen
    desk.get(page_of(new, "merge"), {"with": old.pk, "keep": old.pk, "seen": seen})
    assert Player.objects.get(pk=new.pk).merged_into is None
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(User.objects.get(username="boss"))
    assert guarded.post(page_of(new, "merge"), {"with": old.pk, "seen": seen}).status_code == 403


def test_two_open_orders_are_refused_in_words_until_one_is_over(
    desk: Client, old: Player, new: Player
) -> None:
    theirs = make_order(player=old, numbers=[9], status=S.UNDER_REVIEW)
    page = look(desk, new, old)
    assert "order that is not finished" in page.context["refused"]
    assert theirs.code in page.context["refused"]
    assert "not finished" in told(press(desk, new, old))
    assert Player.objects.get(pk=new.pk).merged_into is None


def test_unpaid_numbers_beyond_the_limit_are_refused_and_paid_ones_are_told(desk: Client) -> None:
    raffle = make_raffle(title="Moto", max_per_player=2)
    one, other = make_player(name="Eva"), make_player(name="Eva")
    make_order(raffle=raffle, player=one, numbers=[1, 2], status=S.PAID)
    order = make_order(raffle=raffle, player=other, numbers=[3], status=S.PENDING_PAYMENT)
    assert "together they have 3 numbers of Moto" in look(desk, one, other).context["refused"]
    Ticket.objects.filter(order=order).update(status="SOLD")
    shown = look(desk, one, other).context["merged"]
    assert shown.remarks == ("Moto: 3 numbers, though a person may have 2; they stay theirs.",)


@pytest.mark.parametrize("who", ["themselves", "nobody", "nonsense"])
def test_who_cannot_be_the_other_is_refused(desk: Client, old: Player, who: str) -> None:
    if who == "themselves":
        assert "one and the same" in look(desk, old, old).context["refused"]
        return
    answer = desk.get(page_of(old, "merge"), {"with": "0" if who == "nobody" else "9" * 40})
    assert answer.status_code == 404


def test_the_other_is_found_by_name_phone_order_or_chat(desk: Client, old: Player, new: Player) -> None:
    contact = make_contact(player=new, username="anita_9")
    order = Order.objects.get(player=new)
    for words in ("María", "981000009", order.code.lower(), "@anita_9", contact.wa_id):
        found = desk.get(page_of(old, "merge"), {"q": words}).context["found"]
        assert found == [new], words
    assert desk.get(page_of(old, "merge"), {"q": "zzz"}).context["found"] == []
    assert desk.get(page_of(old, "merge"), {"q": "Ana"}).context["found"] == [new]


def test_names_are_text_and_nothing_else(desk: Client, old: Player) -> None:
    evil = make_player(name="<script>alert(1)</script>")
    page = text(look(desk, old, evil))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_an_administrator_merges(client_of: ClientOf, old: Player, new: Player, role: str) -> None:
    call_command("make_groups", verbosity=0)
    client = client_of(username=role)
    client.get("/admin/login/")
    User.objects.get(username=role).groups.add(Group.objects.get(name=role))
    may = role == "administrator"
    assert look(client, new, old).status_code == (200 if may else 403)
    given = {"with": old.pk, "keep": old.pk, "seen": ""}
    assert client.post(page_of(new, "merge"), given).status_code == (200 if may else 403)
    assert (page_of(new, "merge") in text(client.get(page_of(new)))) == may


def test_the_right_to_merge_is_its_own_and_needs_the_right_to_look(
    client_of: ClientOf, old: Player, new: Player
) -> None:
    assert look(client_of(VIEW, "sales.change_player"), new, old).status_code == 403
    assert look(client_of(MERGE, username="eva"), new, old).status_code == 403
    assert look(client_of(VIEW, MERGE, username="rosa"), new, old).status_code == 200


def test_an_organiser_who_does_not_see_all_of_both_finds_neither(
    client_of: ClientOf, old: Player, new: Player
) -> None:
    client = client_of(VIEW, MERGE, "sales.view_order")
    ana = User.objects.get(username="ana")
    ana.user_permissions.remove(*ana.user_permissions.filter(codename="see_every_raffle"))
    mine, theirs = make_raffle(), make_raffle()
    mine.organisers.add(ana)
    one, other = make_player(), make_player()
    make_order(raffle=mine, player=one, numbers=[1], status=S.PAID)
    make_order(raffle=mine, player=other, numbers=[2], status=S.PAID)
    assert look(client, one, other).status_code == 200
    stranger = make_player()
    make_order(raffle=theirs, player=stranger, numbers=[1])
    assert look(client, one, stranger).status_code == look(client, stranger, one).status_code == 404
    assert client.get(page_of(stranger, "merge")).status_code == 404
    make_order(raffle=theirs, player=other, numbers=[5], status=S.PAID)
    assert look(client, one, other).status_code == 404
    given = {"with": other.pk, "keep": one.pk, "seen": ""}
    assert client.post(page_of(one, "merge"), given).status_code == 404


def test_one_who_was_merged_leads_to_who_stayed(desk: Client, old: Player, new: Player) -> None:
    press(desk, new, old)
    answer = desk.get(page_of(new, "merge"), follow=True)
    assert answer.redirect_chain[-1][0] == page_of(old)
    assert page_of(new, "merge") not in text(desk.get(page_of(new)))


def test_the_button_is_on_the_page_of_a_player(desk: Client, old: Player) -> None:
    assert reverse("admin:sales_player_merge", args=(old.pk,)) in text(desk.get(page_of(old)))
