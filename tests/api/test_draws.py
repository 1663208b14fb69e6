"""Draws through the API: read by every token, led by staff, proved to who owns a number."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from config import demo_beacon
from raffles.api.models import MadeOrder
from raffles.audit.models import AuditEntry, Deed
from raffles.draws.merkle import Sibling, leaf, root_by
from raffles.draws.models import Draw, DrawSecret
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.models import Order
from tests.api.conftest import allowed, calling, token_for
from tests.api.webhook_calls import of_consumer
from tests.draws.staging import (
    after_sales,
    at_draw,
    closed_draw,
    committed_raffle,
    draw_of,
    held_draw,
    planned_raffle,
    sold,
)
from tests.factories import NOW, make_order, make_raffle, make_staff, raffle_fields

pytestmark = pytest.mark.django_db

AT = "/api/v1/draws/"


def get(caller: APIClient, path: str, expected: int = 200, **asked: Any) -> Any:
    answer = caller.get(f"{AT}{path}", asked)
    assert answer.status_code == expected, answer.data
    return answer.data


def post(caller: APIClient, path: str, expected: int = 200, **body: Any) -> Any:
    answer = caller.post(f"/api/v1/{path}/", body, format="json")
    assert answer.status_code == expected, answer.data
    return answer.data


def codes(page: Any) -> list[str]:
    return [row["code"] for row in page["results"]]


def test_a_shop_reads_draws_whose_rule_is_public_and_no_plans(consumer: APIClient, staff: APIClient) -> None:
    planned, committed = planned_raffle(), committed_raffle()
    assert codes(get(consumer, "")) == [committed.code]
    assert codes(get(staff, "")) == [committed.code, planned.code]
    get(consumer, f"{planned.code}/", 404)
    shown = get(consumer, f"{committed.code.lower()}/")
    assert (shown["raffle"], shown["title"], shown["status"]) == (committed.pk, committed.title, "COMMITTED")
    assert [rule["digest"] for rule in shown["rules"]] == [shown["rule_digest"]]
    assert (shown["secret"], shown["sequence"], shown["winners"]) == ("", None, [])


def test_draws_are_found_by_status_code_and_date_and_by_nothing_else(consumer: APIClient) -> None:
    soon = committed_raffle()
    later = committed_raffle(draw_at=soon.draw_at + timedelta(days=3))
    held = held_draw()
    assert codes(get(consumer, "", status="DRAWN")) == [held.code]
    assert codes(get(consumer, "", code=soon.code.lower())) == [soon.code]
    assert codes(get(consumer, "", draws_after=later.draw_at.isoformat())) == [later.code]
    assert later.code not in codes(get(consumer, "", draws_before=later.draw_at.isoformat()))
    assert get(consumer, "", 400, state="DRAWN")["code"] == "unknown_field"
    first = get(consumer, "", page_size=2)
    assert len(first["results"]) == 2
    assert len(consumer.get(first["next"]).data["results"]) == 1


def test_the_result_is_read_with_what_it_follows_from(consumer: APIClient) -> None:
    draw = held_draw()
    shown = get(consumer, f"{draw.code}/")
    assert (shown["root"], shown["secret"], shown["seed"]) == (draw.root, draw.secret, draw.seed)
    assert shown["sequence"] == draw.sequence
    assert [(won["number"], won["name"]) for won in shown["winners"]] == [((draw.sequence or [])[0], "")]


def test_the_proof_is_the_one_of_the_public_page_to_the_letter_and_leaves_page_by_page(
    consumer: APIClient, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raffles.draws.entries.PAGE_SIZE", 2)
    draw = held_draw(numbers=range(7))
    assert draw.pages.count() == 4
    answer: Any = consumer.get(f"{AT}{draw.code}/proof/")
    assert answer.streaming
    pieces = list(answer.streaming_content)
    assert len(pieces) > 4
    assert b"".join(pieces) == client.get(f"/draws/{draw.code}/proof.json").content
    assert answer["Content-Type"] == "application/json"
    assert "private" in answer["Cache-Control"]


def test_a_proof_is_sent_once_and_not_made_for_who_has_it(
    consumer: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = f"{AT}{held_draw().code}/proof/"
    tag = consumer.get(at)["ETag"]
    monkeypatch.setattr("raffles.draws.published.proof_of", None)
    for known in (tag, f"W/{tag}", f'"another", {tag}', "*"):
        again = consumer.get(at, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert int(again["X-RateLimit-Remaining"]) > 0
    get(consumer, f"{planned_raffle().code}/proof/", 404)
    get(consumer, f"{held_draw().code}/proof/", 400, part="entries")


def test_each_step_of_a_draw_changes_the_tag_of_its_proof(consumer: APIClient) -> None:
    raffle = committed_raffle()
    sold(raffle, 5)
    draw = draw_of(raffle)
    at, tags = f"{AT}{draw.code}/proof/", []
    tags.append(consumer.get(at)["ETag"])
    closed_draw(raffle)
    newer = consumer.get(at, headers={"If-None-Match": tags[0]})
    assert newer.status_code == 200
    assert json.loads(newer.getvalue())["closing"]["count"] == 1
    assert newer["ETag"] not in tags


def test_of_a_number_the_receipt_is_for_who_may_see_its_order(consumer: APIClient, staff: APIClient) -> None:
    raffle = committed_raffle()
    own, foreign = sold(raffle, 5), sold(raffle, 7)
    MadeOrder.objects.create(order=own, client=of_consumer())
    draw = closed_draw(raffle)
    found = get(consumer, f"{draw.code}/receipts/5/")
    path = [Sibling(step["side"] == "left", bytes.fromhex(step["hash"])) for step in found["path"]]
    assert root_by(leaf(f"5:{found['mark']}"), path).hex() == draw.root
    said = f"{found['salt']}:5:{own.code}".encode()
    assert hashlib.sha256(said).hexdigest()[:32] == found["mark"]
    get(consumer, f"{draw.code}/receipts/7/", 404)
    assert get(staff, f"{draw.code}/receipts/7/")["order"] == foreign.code
    get(staff, f"{draw.code}/receipts/6/", 404)


def test_before_the_freezing_and_without_its_key_there_is_no_receipt(staff: APIClient) -> None:
    raffle = committed_raffle()
    sold(raffle, 5)
    assert get(staff, f"{raffle.code}/receipts/5/", 404)["code"] == "not_an_entry"
    closed_draw(raffle)
    DrawSecret.objects.update(salt_key="gone")
    assert get(staff, f"{raffle.code}/receipts/5/", 409)["code"] == "record_changed"


def test_a_draw_is_led_from_its_plan_to_its_minutes(staff: APIClient, clock: time_machine.Traveller) -> None:
    raffle = Raffle.objects.create(**raffle_fields(status="DRAFT"))
    planned = post(staff, f"raffles/{raffle.pk}/plan-draw")
    assert (planned["status"], planned["prizes"][0]["label"]) == ("PLANNED", raffle.title)
    assert post(staff, f"raffles/{raffle.pk}/open")["status"] == "ACTIVE"
    at = f"draws/{raffle.code}"
    assert post(staff, f"{at}/close", 409)["code"] == "sales_not_over"
    sold(raffle, 3)
    late = make_order(raffle=raffle, numbers=[4], status=Order.Status.UNDER_REVIEW)
    clock.move_to(after_sales(raffle))
    assert list(post(staff, f"{at}/close", 409)["params"]["orders"]) == [late.code]
    excluded = post(staff, f"{at}/exclude-order", order=late.pk, reason="no money came")
    assert excluded["excluded"] == [{"order": late.code, "numbers": [4], "reason": "no money came"}]
    assert post(staff, f"{at}/exclude-order", 409, order=late.pk, reason="again")["code"] in {
        "order_not_undecided", "move_not_allowed",
    }  # fmt: skip
    closed = post(staff, f"{at}/close")
    assert (closed["status"], closed["entries"]) == ("CLOSED", 1)
    assert post(staff, f"{at}/hold", 409)["code"] == "draw_not_due"
    assert post(staff, f"{at}/minutes", 409)["code"] == "draw_move_not_allowed"
    clock.move_to(at_draw(raffle))
    assert post(staff, f"{at}/hold", 409)["code"] == "randomness_missing"
    assert post(staff, f"{at}/fall-back", 409)["code"] == "fallback_not_due"
    number, signature = closed["beacon_round"], demo_beacon.signature_of(closed["beacon_round"])
    assert post(staff, f"{at}/beacon", 400, round=number + 1, signature=signature)["code"] == "beacon_refused"
    assert post(staff, f"{at}/beacon", round=number, signature=signature)["beacon_signature"] == signature
    held = post(staff, f"{at}/hold")
    assert (held["status"], held["sequence"]) == ("DRAWN", [3])
    assert post(staff, f"{at}/call-off", 409, reason="too late")["code"] == "draw_move_not_allowed"
    minutes = post(staff, f"{at}/minutes")
    assert hashlib.sha256(minutes["text"].encode()).hexdigest() == minutes["sha256"]
    assert AuditEntry.objects.get(action=Deed.MINUTES_ISSUED).actor == "staff:boss"


def test_minutes_say_by_how_much_the_books_differ(staff: APIClient) -> None:
    draw = held_draw()
    Ticket.objects.filter(number=3).update(price_minor=50_001)
    refused = post(staff, f"draws/{draw.code}/minutes", 409)
    assert (refused["code"], refused["params"]["found"]) == (
        "totals_differ", {"amount": "50001", "currency": "PYG"},
    )  # fmt: skip


def test_two_people_type_what_came_out(clock: time_machine.Traveller) -> None:
    draw = closed_draw(draw={"method": "BARREL"})
    rights = ("draws.view_draw", "draws.type_result", "raffles.see_every_raffle")
    one, two = (
        calling(token_for(allowed(make_staff(name), *rights), "staff:draws")[1]) for name in ("one", "two")
    )
    at = f"draws/{draw.code}/results"
    said: dict[str, Any] = {"values": ["40", "5", "77"], "witnesses": "Escribana Rojas"}
    assert post(one, at, 409, **said)["code"] == "draw_not_due"
    clock.move_to(at_draw(draw.raffle))
    assert post(one, at, 400, values=["40"], witnesses="x")["code"] == "results_refused"
    assert post(one, at, 400, values=["40", "5", "77"])["code"] == "witnesses_missing"
    assert post(one, at, **said)["results"] is None
    assert post(one, at, **said)["results"] is None
    assert post(two, at, **said)["results"] == ["40", "5", "77"]


def test_a_lost_secret_is_said_and_the_fallback_comes_when_the_rule_says(
    staff: APIClient, clock: time_machine.Traveller
) -> None:
    draw = closed_draw(draw={"method": "SECRET"})
    DrawSecret.objects.update(sealed="gone")
    clock.move_to(at_draw(draw.raffle))
    assert post(staff, f"draws/{draw.code}/hold", 409)["code"] == "secret_lost"
    clock.move_to(draw.raffle.draw_at + timedelta(hours=25))
    assert post(staff, f"draws/{draw.code}/fall-back")["fallback"] == "SECRET_LOST"


def test_a_draw_is_called_off_with_a_reason(staff: APIClient) -> None:
    raffle = committed_raffle()
    assert post(staff, f"draws/{raffle.code}/call-off", 400)["errors"].keys() == {"reason"}
    off = post(staff, f"draws/{raffle.code}/call-off", reason="too few")
    assert (off["status"], off["called_off_reason"]) == ("CALLED_OFF", "too few")


def test_a_rule_is_changed_with_a_reason_and_to_a_later_draw_only(staff: APIClient) -> None:
    raffle = committed_raffle()
    at = f"raffles/{raffle.pk}/change-rule"
    later = (raffle.draw_at + timedelta(days=1)).isoformat()
    prizes = [
        {"rank": 1, "label": "A motorbike"},
        {"rank": 2, "label": "Cash", "quantity": 2, "amount": "500000", "currency": "PYG"},
    ]
    changed = post(staff, at, draw_at=later, prizes=prizes, reason="a storm")
    assert [(rule["version"], rule["reason"]) for rule in changed["rules"]] == [(1, ""), (2, "a storm")]
    assert changed["prizes"][1]["amount"] == {"amount": "500000", "currency": "PYG"}
    assert post(staff, at, 409, draw_at=raffle.draw_at.isoformat(), reason="x")["code"] == "rule_only_later"
    assert post(staff, at, 409, reason="for nothing")["code"] == "rule_unchanged"
    assert post(staff, at, 409, prizes=[], reason="none")["code"] == "prizes_missing"
    for wrong in (
        [{"rank": 1, "label": "A", "amount": "5"}],
        [{"rank": 1, "label": "A", "amount": "0", "currency": "PYG"}],
        [{"rank": 1, "label": "A"}, {"rank": 1, "label": "B"}],
        [{"rank": 0, "label": "A"}],
        [{"rank": 1, "label": "A", "colour": "red"}],
    ):
        post(staff, at, 400, prizes=wrong, reason="x")
    assert post(
        staff, at, 400, prizes=[{"rank": 1, "label": "A", "amount": "5", "currency": "XXL"}], reason="x"
    )
    assert post(staff, at, 400, last_number=3, reason="smaller")
    assert draw_of(raffle).rules.count() == 2


def test_a_lottery_is_put_off_to_a_drawing_that_is_named(staff: APIClient) -> None:
    rule = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "28 Nov"}
    raffle = committed_raffle(draw=rule)
    at, later = f"raffles/{raffle.pk}/change-rule", (raffle.draw_at + timedelta(days=1)).isoformat()
    assert post(staff, at, 409, draw_at=later, reason="a storm")["code"] == "drawing_not_named"
    changed = post(staff, at, draw_at=later, lottery_drawing="29 Nov", reason="a storm")
    assert json.loads(changed["rules"][-1]["text"])["lottery"]["drawing"] == "29 Nov"


def test_a_raffle_that_opened_before_rules_publishes_its_own_late(staff: APIClient) -> None:
    raffle = make_raffle()
    assert post(staff, f"raffles/{raffle.pk}/publish-rule")["status"] == "COMMITTED"
    assert post(staff, f"raffles/{make_raffle(status='DRAFT').pk}/publish-rule", 409)
    closed = make_raffle(status="CLOSED")
    assert post(staff, f"raffles/{closed.pk}/plan-draw", 409)["code"] == "raffle_move_not_allowed"


def test_a_raffle_whose_draw_lacks_something_is_not_opened(staff: APIClient) -> None:
    raffle = planned_raffle()
    draw_of(raffle).prizes.all().delete()
    assert post(staff, f"raffles/{raffle.pk}/open", 409)["code"] == "prizes_missing"
    over = planned_raffle(sales_close_at=NOW - timedelta(hours=1))
    assert post(staff, f"raffles/{over.pk}/open", 409)["code"] == "draw_too_soon"
    unfair = planned_raffle(
        draw={"method": "LOTTERY", "lottery_name": "Q", "lottery_drawing": "1", "lottery_digits": 1}
    )
    assert post(staff, f"raffles/{unfair.pk}/open", 409)["code"] == "rule_unfair"


def test_frozen_numbers_are_refunded_after_the_draw(staff: APIClient) -> None:
    raffle = committed_raffle()
    order = sold(raffle, 3)
    closed_draw(raffle)
    refused = post(staff, f"orders/{order.pk}/refund", 409, reason="asked for it")
    assert refused["code"] == "entries_frozen"


def test_an_organiser_leads_their_own_draws_and_sees_no_others() -> None:
    user = allowed(make_staff(), "draws.view_draw", "draws.call_off_draw")
    mine, other = committed_raffle(), committed_raffle()
    mine.organisers.add(user)
    caller = calling(token_for(user, "staff:draws")[1])
    assert codes(get(caller, "")) == [mine.code]
    post(caller, f"draws/{other.code}/call-off", 404, reason="not mine")
    assert post(caller, f"draws/{mine.code}/call-off", reason="mine")["status"] == "CALLED_OFF"
    assert Draw.objects.get(code=other.code).status == "COMMITTED"


def test_an_order_that_is_not_theirs_is_excluded_by_nobody(clock: time_machine.Traveller) -> None:
    user = allowed(make_staff(), "draws.view_draw", "draws.decide_entries")
    mine = committed_raffle()
    mine.organisers.add(user)
    foreign = make_order(raffle=committed_raffle(), numbers=[4], status=Order.Status.UNDER_REVIEW)
    clock.move_to(after_sales(mine))
    caller = calling(token_for(user, "staff:draws")[1])
    refused = post(caller, f"draws/{mine.code}/exclude-order", 404, order=foreign.pk, reason="x")
    assert refused["code"] == "order_not_found"
    foreign.refresh_from_db()
    assert foreign.status == Order.Status.UNDER_REVIEW
