"""A published rule changes by a new version: typed, shown as it will be, then published with its reason."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.test import Client

from raffles.draws.models import Draw, RuleVersion
from raffles.numbers.models import OF_THE_RULE, Raffle
from tests.admin.conftest import ClientOf
from tests.admin.pages import page_of, text, told
from tests.draws.staging import after_sales, committed_raffle, draw_of, planned_raffle
from tests.factories import NOW, make_raffle

pytestmark = pytest.mark.django_db


def typed(client: Client, raffle: Raffle, **changes: str) -> dict[str, str]:
    """The form as it stands, with these changes."""
    page = text(client.get(page_of(raffle, "rule")))
    boxes = re.findall(r'<input type="(?:text|hidden|datetime-local)"[^>]*>', page[page.index("desk-form") :])
    given: dict[str, str] = {}
    for box in boxes:
        name, value = re.search(r'name="([^"]*)"', box), re.search(r'value="([^"]*)"', box)
        if name is not None:
            given[name[1]] = unescape(value[1]) if value else ""
    given.pop("csrfmiddlewaretoken", None)
    return {**given, "reason": "", **changes}


def ask(client: Client, raffle: Raffle, **changes: str) -> Any:
    return client.post(page_of(raffle, "rule"), typed(client, raffle, **changes), follow=True)


def publish(client: Client, raffle: Raffle, shown: Any) -> Any:
    """Presses the button under what was shown."""
    again = {**dict(shown.context["answers"]), "publish": shown.context["tried"].seen}
    return client.post(page_of(raffle, "rule"), again, follow=True)


def errors(response: Any) -> str:
    told = response.context
    return f"{told['form'].errors} {told['prizes'].errors} {told['prizes'].non_form_errors()}"


def test_what_will_be_public_is_shown_and_nothing_happens_before_the_second_press(desk: Client) -> None:
    raffle = committed_raffle(prizes=[("A car", 1)])
    shown = ask(desk, raffle, draw_at="2026-12-05T20:00", last_number="199", reason="The hall was flooded")
    page = text(shown)
    assert "as version 2" in page
    assert "The hall was flooded" in page
    for words in ("00–99", "00–199", "11/29/2026 noon", "12/05/2026 8 p.m."):
        assert words in page, words
    assert RuleVersion.objects.count() == 1
    raffle.refresh_from_db()
    assert raffle.last_number == 99
    assert "is public from now on" in told(publish(desk, raffle, shown))
    raffle.refresh_from_db()
    version = RuleVersion.objects.get(version=2)
    assert (raffle.last_number, raffle.draw_at.isoformat()) == (199, "2026-12-05T23:00:00+00:00")
    assert (version.reason, version.by) == ("The hall was flooded", User.objects.get(username="boss"))
    assert "The hall was flooded" in text(desk.get(page_of(draw_of(raffle))))


def test_prizes_change_whole_and_keep_what_was_not_touched(desk: Client) -> None:
    raffle = committed_raffle(prizes=[("A car", 1), ("A hat", 2)])
    draw = draw_of(raffle)
    draw.prizes.filter(rank=1).update(picture="prizes/car.png")
    new = {"prizes-2-rank": "3", "prizes-2-label": "Cash", "prizes-2-quantity": "5"}
    new |= {"prizes-2-amount": "12.50", "prizes-2-currency": "usd"}
    shown = ask(desk, raffle, **new, reason="More prizes", **{"prizes-1-DELETE": "on"})
    assert "1. A car; 3. Cash × 5 ($12.50)" in text(shown)
    publish(desk, raffle, shown)
    prizes = draw.prizes.order_by("rank").values_list("rank", "label", "quantity", "amount_minor", "picture")
    assert list(prizes) == [(1, "A car", 1, None, "prizes/car.png"), (3, "Cash", 5, 1_250, "")]


def test_another_prize_has_no_picture_of_the_one_before_it(desk: Client) -> None:
    raffle = committed_raffle(prizes=[("A motorcycle", 1), ("A hat", 1), ("A cup", 1)])
    draw = draw_of(raffle)
    for rank, picture in ((1, "prizes/moto.png"), (2, "prizes/hat.png"), (3, "prizes/cup.png")):
        draw.prizes.filter(rank=rank).update(picture=picture)
    new = {"prizes-0-label": "A television", "prizes-1-label": "A cup", "prizes-2-label": "A hat"}
    publish(desk, raffle, ask(desk, raffle, reason="The motorcycle was stolen", **new))
    prizes = draw.prizes.order_by("rank").values_list("label", "picture")
    assert list(prizes) == [
        ("A television", ""),
        ("A cup", "prizes/cup.png"),
        ("A hat", "prizes/hat.png"),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "nothing of the rule would change"),
        ({"reason": ""}, "required"),
        ({"draw_at": "2026-11-29T11:00"}, "can only be put off"),
        ({"sales_close_at": "2026-11-28T11:00"}, "can only be put off"),
        ({"sales_close_at": "2026-12-09T11:00"}, "cannot be before the end of sales"),
        ({"draw_at": "soon"}, "valid date"),
        ({"last_number": "98"}, "can only grow"),
        ({"last_number": "10000000"}, "less than or equal"),
        ({"prizes-0-quantity": "0"}, "greater than or equal to 1"),
        ({"prizes-0-label": ""}, "required"),
        ({"prizes-0-amount": "x", "prizes-0-currency": "PYG"}, "Write an amount"),
        ({"prizes-0-amount": "5"}, "needs its currency"),
        ({"prizes-0-DELETE": "on"}, "has no prize yet"),
        ({"prizes-1-rank": "1", "prizes-1-label": "B", "prizes-1-quantity": "1"}, "the same rank"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    desk: Client, changes: dict[str, str], words: str
) -> None:
    raffle = committed_raffle()
    answer = ask(desk, raffle, **{"reason": "The hall was flooded", **changes})
    assert words in errors(answer)
    if "reason" not in changes:
        assert answer.context["form"]["reason"].value() == "The hall was flooded"
    assert RuleVersion.objects.count() == 1


def test_a_range_that_the_lottery_does_not_cover_is_refused_with_its_numbers(desk: Client) -> None:
    lottery = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "28 November"}
    raffle = committed_raffle(draw=lottery)
    assert "could never win: 100–199" in errors(ask(desk, raffle, last_number="199", reason="more"))


def test_one_goes_back_to_what_was_typed(desk: Client) -> None:
    raffle = committed_raffle()
    shown = ask(desk, raffle, last_number="199", reason="more are asked for")
    again = {**dict(shown.context["answers"]), "edit": "1"}
    back = desk.post(page_of(raffle, "rule"), again)
    assert back.context["form"]["last_number"].value() == "199"
    assert RuleVersion.objects.count() == 1


def test_what_changed_since_it_was_shown_is_shown_again(desk: Client) -> None:
    raffle = committed_raffle()
    shown = ask(desk, raffle, last_number="199", reason="more are asked for")
    Raffle.objects.update(title="Another title")
    answer = publish(desk, raffle, shown)
    assert "Something changed while you were looking" in told(answer)
    assert "Another title" in text(answer)
    assert RuleVersion.objects.count() == 1
    assert "is public" in told(publish(desk, raffle, answer))


def test_seconds_that_no_browser_shows_are_no_change(desk: Client) -> None:
    raffle = committed_raffle(draw_at=NOW + timedelta(days=8, seconds=42))
    publish(desk, raffle, ask(desk, raffle, last_number="120", reason="more"))
    raffle.refresh_from_db()
    assert (raffle.last_number, raffle.draw_at.second) == (120, 42)


def test_the_raffle_s_form_leaves_alone_what_the_rule_says(desk: Client) -> None:
    raffle = committed_raffle()
    form = desk.get(page_of(raffle)).context["adminform"].form
    assert not set(OF_THE_RULE) & set(form.fields)
    assert "title" in form.fields
    draft = planned_raffle()
    assert set(OF_THE_RULE) <= set(desk.get(page_of(draft)).context["adminform"].form.fields)


def test_the_page_leads_there_while_the_rule_can_change_and_says_when_it_cannot(
    desk: Client, client_of: ClientOf
) -> None:
    raffle, draft = committed_raffle(), planned_raffle()
    for row in (raffle, draw_of(raffle)):
        assert page_of(raffle, "rule") in text(desk.get(page_of(row)))
    assert page_of(draft, "rule") not in text(desk.get(page_of(draft)))
    assert "not published yet" in told(desk.get(page_of(draft, "rule"), follow=True))
    without = client_of("raffles.view_raffle", "raffles.change_raffle", "draws.view_draw", username="eva")
    assert page_of(raffle, "rule") not in text(without.get(page_of(raffle)))
    assert without.get(page_of(raffle, "rule")).status_code == 403
    with time_machine.travel(after_sales(raffle), tick=False):
        desk.force_login(User.objects.get(username="boss"))
        assert page_of(raffle, "rule") not in text(desk.get(page_of(raffle)))
        assert "sales are over" in told(desk.get(page_of(raffle, "rule"), follow=True))
    assert desk.get(page_of(Raffle(pk=999), "rule")).status_code == 404


def test_an_organiser_changes_the_rule_of_their_own_raffle_alone(client_of: ClientOf) -> None:
    mine, theirs = committed_raffle(), committed_raffle()
    client = client_of("raffles.view_raffle", "draws.change_rule", "draws.view_draw")
    ana = User.objects.get(username="ana")
    ana.user_permissions.remove(Permission.objects.get(codename="see_every_raffle"))
    mine.organisers.add(ana)
    assert client.get(page_of(theirs, "rule")).status_code == 404
    assert client.post(page_of(theirs, "publish_rule")).status_code == 404
    publish(client, mine, ask(client, mine, last_number="150", reason="more"))
    assert Raffle.objects.get(pk=mine.pk).last_number == 150


def test_a_raffle_that_was_open_before_publishes_its_rule_late(desk: Client, client_of: ClientOf) -> None:
    raffle = make_raffle()
    assert page_of(raffle, "publish_rule") in text(desk.get(page_of(raffle)))
    reader = client_of("raffles.view_raffle", "raffles.change_raffle", username="eva")
    assert reader.post(page_of(raffle, "publish_rule")).status_code == 403
    assert "after the first sales" in text(desk.get(page_of(raffle, "publish_rule")))
    assert not Draw.objects.exists()
    answer = desk.post(page_of(raffle, "publish_rule"), follow=True)
    assert "The rule is public" in told(answer)
    assert draw_of(raffle).status == "COMMITTED"
    assert "did this already" in told(desk.post(page_of(raffle, "publish_rule"), follow=True))
    over = make_raffle(status="CLOSED")
    assert "nothing to do" in told(desk.post(page_of(over, "publish_rule"), follow=True))


def test_a_rule_that_cannot_be_published_says_why(desk: Client) -> None:
    raffle = planned_raffle(status="PAUSED")
    draw_of(raffle).prizes.all().delete()
    answer = desk.post(page_of(raffle, "publish_rule"), follow=True)
    assert "has no prize yet" in str(answer.context["form"].errors)
    assert "has no prize yet" in told(desk.post(page_of(raffle, "open"), follow=True))
    assert Raffle.objects.get(pk=raffle.pk).status == "PAUSED"


LOTTERY = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "28 November"}


def test_a_lottery_is_put_off_to_a_drawing_that_is_named(desk: Client) -> None:
    raffle = committed_raffle(draw=LOTTERY)
    later = {"draw_at": "2026-12-05T20:00", "reason": "The hall was flooded"}
    assert "name the lottery" in errors(ask(desk, raffle, **later))
    shown = ask(desk, raffle, **later, lottery_drawing="5 December, evening")
    assert "Quiniela, 28 November" in text(shown)
    publish(desk, raffle, shown)
    assert draw_of(raffle).lottery_drawing == "5 December, evening"


def test_a_missed_lottery_can_be_put_off_when_sales_are_over(desk: Client) -> None:
    raffle = committed_raffle(draw=LOTTERY)
    with time_machine.travel(raffle.draw_at + timedelta(hours=1), tick=False):
        later = {"draw_at": "2026-12-05T20:00", "lottery_drawing": "5 December"}
        publish(desk, raffle, ask(desk, raffle, **later, reason="Orders were undecided"))
    assert draw_of(raffle).rules.count() == 2


def test_a_draw_without_a_lottery_asks_for_no_drawing(desk: Client) -> None:
    assert "lottery_drawing" not in typed(desk, committed_raffle())
