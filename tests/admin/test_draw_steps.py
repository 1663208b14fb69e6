"""From the published rule to the result: each button of a draw's page, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from pytest_django import Settings

from raffles.draws.admin.draw_steps import STEPS
from raffles.draws.models import Draw, DrawSecret, Exclusion
from raffles.draws.models.draws import BEACON_MISSING_AFTER, SECRET_LOST_AFTER
from raffles.draws.sweeping import sweep
from raffles.numbers.models import Raffle
from raffles.sales.models import Order
from tests.admin.conftest import ClientOf
from tests.admin.drawing import at, base_of, press, refused, steps_shown
from tests.admin.pages import page_of, status_of, text, told
from tests.draws.staging import (
    after_sales,
    at_draw,
    closed_draw,
    committed_raffle,
    draw_of,
    held_draw,
    sold,
    with_beacon,
    without_guards,
)
from tests.factories import make_order

pytestmark = pytest.mark.django_db


def test_each_point_of_a_draw_has_its_steps(desk: Client) -> None:
    raffle = committed_raffle()
    order = make_order(raffle=raffle, numbers=(4,), status="UNDER_REVIEW")
    draw = draw_of(raffle)
    assert steps_shown(desk, draw) == {"call-off"}
    with at(after_sales(raffle)):
        assert steps_shown(desk, draw) == {"close", "exclude", "call-off"}
        press(desk, draw, "exclude", order=order.pk, reason="no money came")
        press(desk, draw, "close")
        assert steps_shown(desk, draw) == {"beacon", "call-off"}
    with at(base_of(draw)):
        assert steps_shown(desk, draw) == {"beacon", "hold"}
    with at(base_of(draw) + BEACON_MISSING_AFTER):
        assert steps_shown(desk, draw) == {"beacon", "hold", "fall-back"}
        assert "asked once more first" in refused(press(desk, draw, "fall_back"))
        Draw.objects.filter(pk=draw.pk).update(beacon_asked_at=base_of(draw) + BEACON_MISSING_AFTER)
        press(desk, draw, "fall_back")
        assert steps_shown(desk, draw) == {"hold"}
        press(desk, draw, "hold")
        assert steps_shown(desk, draw) == set()
    draw.refresh_from_db()
    assert (draw.status, draw.fallback, draw.entry_count) == ("DRAWN", "BEACON_MISSING", 0)


def test_undecided_orders_are_listed_and_one_is_excluded_in_public(desk: Client, boss: User) -> None:
    raffle = committed_raffle()
    order = make_order(raffle=raffle, numbers=(4, 7), status="UNDER_REVIEW")
    sold(raffle, 9)
    draw = draw_of(raffle)
    assert order.code not in text(desk.get(page_of(draw)))
    with at(after_sales(raffle)):
        page = text(desk.get(page_of(draw)))
        assert page_of(order) in page
        assert f"{page_of(draw, 'exclude')}?order={order.pk}" in page
        assert "1 order is undecided" in page
        waiting = press(desk, draw, "close")
        assert f"decided or excluded first: {order.code}" in refused(waiting)
        asked = desk.get(page_of(draw, "exclude"), {"order": order.pk})
        assert asked.context["form"]["order"].value() == str(order.pk)
        assert "are public, for good" in text(asked)
        assert "reason" in press(desk, draw, "exclude", order=order.pk, reason=" ").context["form"].errors
        assert "order" in press(desk, draw, "exclude", order="0", reason="x").context["form"].errors
        assert "takes no part" in told(press(desk, draw, "exclude", order=order.pk, reason="no money came"))
        assert "1 number is frozen" in told(press(desk, draw, "close"))
    exclusion = Exclusion.objects.get()
    assert (exclusion.by, exclusion.numbers, exclusion.reason) == (boss, [4, 7], "no money came")
    assert status_of(order) == "CANCELLED"
    page = text(desk.get(page_of(draw)))
    assert "no money came" in page
    assert "04, 07" in page


def test_who_may_not_see_orders_gets_no_links_to_them(client_of: ClientOf) -> None:
    raffle = committed_raffle()
    order = make_order(raffle=raffle, status="UNDER_REVIEW")
    reader = client_of("draws.view_draw")
    with at(after_sales(raffle)):
        page = text(reader.get(page_of(draw_of(raffle))))
    assert order.code in page
    assert page_of(order) not in page
    assert "exclude" not in page


def test_the_result_is_final_and_shown_without_a_name(desk: Client) -> None:
    draw = closed_draw(numbers=(3, 5, 12), prizes=[("A car", 1), ("A helmet", 1)])
    with_beacon(draw)
    with at(base_of(draw)):
        assert "someone did this already" in told(press(desk, draw, "close"))
        assert "was held" in told(press(desk, draw, "hold"))
        assert "someone did this already" in told(press(desk, draw, "hold"))
    draw.refresh_from_db()
    page = text(desk.get(page_of(draw)))
    assert "1. A car" in page
    assert "Reserve 1" in page
    assert "The result is final" in page
    assert draw.root in page
    for award in draw.awards.all():
        assert page_of(award) in page
        assert award.player.name not in page


def test_who_may_not_see_prizes_gets_the_numbers_and_no_link(client_of: ClientOf) -> None:
    draw = held_draw()
    page = text(client_of("draws.view_draw", "sales.view_player").get(page_of(draw)))
    assert "Sequence" in page
    assert "/award/" not in page


def test_a_lost_secret_is_told_with_what_to_do_and_its_fallback_waits_for_its_time(desk: Client) -> None:
    draw = closed_draw(numbers=(3,), draw={"method": "SECRET"})
    DrawSecret.objects.update(sealed="gone")
    with at(base_of(draw)):
        sweep(now=base_of(draw))
        page = text(desk.get(page_of(draw)))
        assert "Secret lost" in page
        assert "SECRET_KEY is another one" in page
        assert "The rule has a fallback, from" in page
        assert "sealed secret cannot be read" in refused(press(desk, draw, "hold"))
        assert "someone did this already" in told(press(desk, draw, "fall_back"))
    with at(base_of(draw) + SECRET_LOST_AFTER):
        assert "can be used now" in text(desk.get(page_of(draw)))
        assert "The secret cannot be read any more" in told(press(desk, draw, "fall_back"))
        assert steps_shown(desk, draw) == {"type"}


@pytest.mark.parametrize("what", ["entries", "terms", "rule", "salts", "secret", "beacon", "results", "Odd"])
def test_every_trouble_says_what_to_do(desk: Client, what: str) -> None:
    draw = closed_draw(numbers=(3,))
    Draw.objects.update(trouble=what)
    with at(base_of(draw)):
        page = desk.get(page_of(draw))
    assert str(page.context["trouble"][1])
    assert 'role="alert"' in text(page)


def test_changed_entries_stop_the_draw_and_are_named(desk: Client) -> None:
    draw = closed_draw(numbers=(3, 5))
    with_beacon(draw)
    with without_guards():
        Order.objects.get(tickets__number=5).tickets.update(number=6)
    with at(base_of(draw)):
        assert "look at these numbers: 5, 6" in refused(press(desk, draw, "hold"))
    draw.refresh_from_db()
    assert draw.status == "CLOSED"


def test_a_draw_is_called_off_with_a_public_reason_before_its_instant(desk: Client) -> None:
    raffle = committed_raffle()
    draw = draw_of(raffle)
    assert "reason" in press(desk, draw, "call_off", reason="").context["form"].errors
    assert "was called off" in told(press(desk, draw, "call_off", reason="the car was stolen"))
    draw.refresh_from_db()
    assert (draw.status, draw.called_off_reason) == ("CALLED_OFF", "the car was stolen")
    assert "the car was stolen" in text(desk.get(page_of(draw)))
    late = draw_of(committed_raffle())
    with at(at_draw(late.raffle)):
        assert "someone did this already" in told(press(desk, late, "call_off", reason="x"))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_each_step_asks_for_its_right_and_a_second_factor_where_the_group_needs_one(
    step: Any, client_of: ClientOf, settings: Settings
) -> None:
    draw = draw_of(committed_raffle())
    others = {one.permission for one in STEPS} - {step.permission}
    without = client_of("draws.view_draw", *others, username="eva")
    assert without.get(page_of(draw, step.name)).status_code == 403
    assert without.post(page_of(draw, step.name)).status_code == 403
    blind = client_of(step.permission, username="max")
    assert blind.get(page_of(draw, step.name)).status_code == 403
    client = client_of("draws.view_draw", step.permission, username="ada")
    assert client.get(page_of(draw, step.name)).status_code in {200, 302}
    settings.SECOND_FACTOR_GROUPS = ("organiser",)
    User.objects.get(username="ada").groups.add(Group.objects.get_or_create(name="organiser")[0])
    assert "second-factor" in client.get(page_of(draw, step.name)).headers["location"]


def test_an_organiser_has_the_draws_of_their_own_raffles_and_no_others(client_of: ClientOf) -> None:
    mine, theirs = committed_raffle(title="Mine"), committed_raffle(title="Theirs")
    client = client_of("draws.view_draw", "draws.call_off_draw", "draws.change_draw", username="ana")
    ana = User.objects.get(username="ana")
    ana.user_permissions.remove(Permission.objects.get(codename="see_every_raffle"))
    mine.organisers.add(ana)
    assert client.get(page_of(draw_of(mine))).status_code == 200
    assert client.get(page_of(draw_of(theirs))).status_code == 404
    for step in STEPS:
        if step.permission == "draws.call_off_draw":
            assert client.get(page_of(draw_of(theirs), step.name)).status_code == 404
    page = text(client.get("/admin/draws/draw/"))
    assert mine.code in page
    assert theirs.code not in page
    assert client.get("/admin/draws/draw/", {"q": "Theirs"}).context["cl"].result_count == 0
    assert Raffle.objects.count() == 2


def test_an_order_is_refused_in_words_where_its_numbers_are_frozen(desk: Client) -> None:
    raffle = committed_raffle()
    order = sold(raffle, 7)
    closed_draw(raffle)
    answer = desk.post(page_of(order, "refund"), {"seen": "x", "words": "asked"}, follow=True)
    again = desk.post(
        page_of(order, "refund"),
        {"seen": answer.context["form"]["seen"].value(), "words": "asked"},
        follow=True,
    )
    assert "its numbers are frozen for the draw" in told(again)
