"""What is promised before the first sale, and how it may change."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.actions import close_entries, hold_draw, type_result
from raffles.draws.entries import frozen_numbers
from raffles.draws.errors import (
    DrawingNotNamed,
    DrawMoveNotAllowed,
    DrawTooSoon,
    LotteryOver,
    PrizesMissing,
    RuleIncomplete,
    RuleOnlyLater,
    RuleUnchanged,
    RuleUnfair,
)
from raffles.draws.fairness import secret_hash
from raffles.draws.holding import opened_secret
from raffles.draws.models import Draw, RuleVersion
from raffles.draws.ruling import BEFORE_THE_FIRST, digest_after
from raffles.numbers.actions import (
    PrizePlan,
    RuleChange,
    change_rule,
    close_raffle,
    open_raffle,
    pause_raffle,
    plan_draw,
    publish_rule,
)
from raffles.numbers.models import Raffle
from raffles.sales.errors import ReasonMissing
from raffles.sales.models import Order
from tests.draws.staging import (
    STAFF,
    after_sales,
    closed_draw,
    committed_raffle,
    draw_of,
    planned_raffle,
    sold,
)
from tests.factories import NOW, confirm, make_order, make_proof, make_raffle, make_staff

pytestmark = pytest.mark.django_db

LATER = timedelta(days=3)


def changed(raffle: Raffle, reason: str = "the hall is not free", **change: Any) -> RuleVersion:
    return change_rule(raffle_id=raffle.pk, change=RuleChange(**change), reason=reason, actor=STAFF, now=NOW)


def test_opening_sales_publishes_the_rule_with_the_hash_of_a_secret() -> None:
    raffle = committed_raffle()
    draw, rule = draw_of(raffle), draw_of(raffle).rules.get()
    text = json.loads(rule.text)
    assert draw.status == Draw.Status.COMMITTED
    assert rule.digest == draw.rule_digest == digest_after(BEFORE_THE_FIRST, rule.text)
    assert text["secret_hash"] == draw.secret_hash == secret_hash(opened_secret(draw))
    assert text["numbers"] == {"first": 0, "last": 99, "width": 2}
    assert text["prizes"][0]["label"] == raffle.title
    assert (draw.closes_at, draw.draws_at) == (raffle.sales_close_at, raffle.draw_at)
    assert AuditEntry.objects.filter(action=Deed.RULE_PUBLISHED, subject_id=str(draw.pk)).count() == 1


def test_the_secret_is_nowhere_to_be_read() -> None:
    draw = draw_of(committed_raffle())
    secret = opened_secret(draw)
    kept = draw.kept_secret
    assert secret not in kept.sealed + kept.salt_key + draw.rules.get().text
    assert draw.secret == ""


def test_resuming_a_paused_raffle_publishes_nothing_new() -> None:
    raffle = committed_raffle()
    pause_raffle(raffle_id=raffle.pk, actor=STAFF, now=NOW)
    open_raffle(raffle_id=raffle.pk, actor=STAFF, now=NOW)
    assert draw_of(raffle).rules.count() == 1


def test_a_rule_that_cannot_be_published_leaves_the_raffle_unopened() -> None:
    raffle = planned_raffle()
    draw_of(raffle).prizes.all().delete()
    with pytest.raises(PrizesMissing):
        open_raffle(raffle_id=raffle.pk, actor=STAFF, now=NOW)
    raffle.refresh_from_db()
    assert raffle.status == Raffle.Status.DRAFT
    assert draw_of(raffle).status == Draw.Status.PLANNED


def test_a_rule_is_not_published_when_sales_are_over() -> None:
    raffle = planned_raffle()
    with pytest.raises(DrawTooSoon):
        open_raffle(raffle_id=raffle.pk, actor=STAFF, now=raffle.sales_close_at)


def test_a_lottery_that_a_number_cannot_win_is_refused_with_those_numbers() -> None:
    lottery = {
        "method": "LOTTERY",
        "lottery_name": "Quiniela",
        "lottery_drawing": "28 Nov",
        "lottery_digits": 2,
    }
    raffle = planned_raffle(draw=lottery, last_number=149)
    with pytest.raises(RuleUnfair) as refusal:
        open_raffle(raffle_id=raffle.pk, actor=STAFF, now=NOW)
    assert refusal.value.never == ((100, 149),)


def test_a_lottery_needs_to_be_named() -> None:
    with pytest.raises(RuleIncomplete) as refusal:
        committed_raffle(draw={"method": "LOTTERY", "lottery_name": "Quiniela"})
    assert refusal.value.field == "lottery_drawing"


def test_planning_twice_is_planning_once() -> None:
    raffle = make_raffle(status=Raffle.Status.DRAFT)
    assert plan_draw(raffle_id=raffle.pk) == plan_draw(raffle_id=raffle.pk)
    assert draw_of(raffle).prizes.count() == 1


def test_a_raffle_on_sale_without_a_rule_can_publish_one_late() -> None:
    raffle = make_raffle()
    draw = publish_rule(raffle_id=raffle.pk, actor=STAFF, now=NOW)
    assert draw.status == Draw.Status.COMMITTED
    assert publish_rule(raffle_id=raffle.pk, actor=STAFF, now=NOW).rules.count() == 1


def test_a_closed_raffle_publishes_no_rule() -> None:
    raffle = make_raffle(status=Raffle.Status.CLOSED)
    with pytest.raises(DrawMoveNotAllowed):
        publish_rule(raffle_id=raffle.pk, actor=STAFF, now=NOW)


def test_a_changed_rule_is_a_version_of_its_own_with_its_reason() -> None:
    raffle = committed_raffle()
    first = draw_of(raffle).rules.get()
    second = changed(raffle, draw_at=raffle.draw_at + LATER)
    assert second.reason == "the hall is not free"
    assert second.digest == digest_after(first.digest, second.text)
    assert draw_of(raffle).rule_digest == second.digest
    assert draw_of(raffle).draws_at == Raffle.objects.get(pk=raffle.pk).draw_at == raffle.draw_at + LATER


def test_prizes_change_by_a_version_too() -> None:
    raffle = committed_raffle(prizes=[("A car", 1), ("A bicycle", 2)])
    changed(raffle, prizes=[PrizePlan(1, "A red car"), PrizePlan(3, "A kettle", 5)])
    text = json.loads(draw_of(raffle).rules.order_by("-version")[0].text)
    assert [(each["rank"], each["label"], each["quantity"]) for each in text["prizes"]] == [
        (1, "A red car", 1),
        (3, "A kettle", 5),
    ]


def test_a_change_needs_a_reason_and_must_change_something() -> None:
    raffle = committed_raffle()
    with pytest.raises(ReasonMissing):
        changed(raffle, reason=" ", draw_at=raffle.draw_at + LATER)
    with pytest.raises(RuleUnchanged):
        changed(raffle, draw_at=raffle.draw_at)
    assert draw_of(raffle).rules.count() == 1


@pytest.mark.parametrize("field", ["draw_at", "sales_close_at"])
def test_nothing_is_brought_forward(field: str) -> None:
    raffle = committed_raffle()
    with pytest.raises(RuleOnlyLater):
        changed(raffle, **{field: getattr(raffle, field) - timedelta(hours=1)})
    raffle.refresh_from_db()
    assert draw_of(raffle).draws_at == raffle.draw_at


def test_a_change_that_breaks_the_raffle_s_own_rules_is_refused() -> None:
    raffle = committed_raffle()
    with pytest.raises(ValidationError) as refusal:
        changed(raffle, sales_close_at=raffle.draw_at + LATER)
    assert list(refusal.value.message_dict) == ["draw_at"]
    with pytest.raises(ValidationError) as refusal:
        changed(raffle, last_number=raffle.last_number - 1)
    assert list(refusal.value.message_dict) == ["last_number"]


def test_nothing_changes_once_sales_are_over() -> None:
    raffle = committed_raffle()
    with pytest.raises(RuleOnlyLater):
        change_rule(
            raffle_id=raffle.pk,
            change=RuleChange(draw_at=raffle.draw_at + LATER),
            reason="rain",
            actor=STAFF,
            now=after_sales(raffle),
        )


@pytest.mark.parametrize("field", ["draw_at", "sales_close_at", "last_number", "code", "time_zone"])
def test_the_form_of_a_raffle_does_not_change_what_the_rule_says(field: str) -> None:
    raffle = committed_raffle()
    values = {
        "draw_at": raffle.draw_at + LATER,
        "sales_close_at": raffle.sales_close_at + timedelta(hours=1),
        "last_number": 199,
        "code": "OTHER",
        "time_zone": "America/Sao_Paulo",
    }
    setattr(raffle, field, values[field])
    with pytest.raises(ValidationError) as refusal:
        raffle.clean()
    assert field in refusal.value.message_dict


def test_title_price_and_instructions_may_still_be_mended() -> None:
    raffle = committed_raffle()
    raffle.title, raffle.payment_instructions = "A red motorbike", "Another account"
    raffle.clean()


@pytest.mark.parametrize(
    "deed", ["UPDATE draws_ruleversion SET text = '{}'", "DELETE FROM draws_ruleversion"]
)
def test_the_database_keeps_a_published_rule(deed: str) -> None:
    committed_raffle()
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)


def test_a_draw_never_goes_back() -> None:
    draw = closed_draw()
    with pytest.raises(DatabaseError), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(status=Draw.Status.COMMITTED)


def test_closing_a_raffle_early_keeps_its_rule() -> None:
    raffle = committed_raffle()
    sold(raffle, 4)
    close_raffle(raffle_id=raffle.pk, actor=STAFF, now=NOW)
    assert draw_of(raffle).status == Draw.Status.COMMITTED


def test_a_draft_that_is_renamed_is_published_under_its_new_code() -> None:
    raffle = planned_raffle(code="OLD")
    Raffle.objects.filter(pk=raffle.pk).update(code="NEW")
    open_raffle(raffle_id=raffle.pk, actor=STAFF, now=NOW)
    assert draw_of(raffle).code == json.loads(draw_of(raffle).rules.get().text)["code"] == "NEW"


def test_the_code_of_a_deleted_draft_is_free_again() -> None:
    planned_raffle(code="AGAIN", prizes=[("A car", 1)]).delete()
    raffle = committed_raffle(code="AGAIN", title="A kettle")
    assert [prize.label for prize in draw_of(raffle).prizes.all()] == ["A kettle"]


LOTTERY = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "28 Nov", "lottery_results": 3}


def test_a_lottery_is_put_off_to_a_drawing_that_is_named() -> None:
    """Else the rule would go on naming one whose results are known before the new day."""
    raffle = committed_raffle(draw=LOTTERY)
    with pytest.raises(DrawingNotNamed):
        changed(raffle, draw_at=raffle.draw_at + LATER)
    with pytest.raises(DrawingNotNamed):
        changed(raffle, draw_at=raffle.draw_at + LATER, lottery_drawing="28 Nov ")
    text = json.loads(changed(raffle, draw_at=raffle.draw_at + LATER, lottery_drawing="1 Dec").text)
    assert text["lottery"]["drawing"] == draw_of(raffle).lottery_drawing == "1 Dec"


def test_a_misspelt_drawing_is_mended_alone() -> None:
    raffle = committed_raffle(draw=LOTTERY)
    assert json.loads(changed(raffle, lottery_drawing="28 Nov, evening").text)["lottery"]["drawing"].endswith(
        "evening"
    )


@pytest.mark.parametrize("drawing", ["", "   "])
def test_a_drawing_without_a_name_is_refused(drawing: str) -> None:
    raffle = committed_raffle(draw=LOTTERY)
    with pytest.raises(RuleIncomplete):
        changed(raffle, draw_at=raffle.draw_at + LATER, lottery_drawing=drawing)
    assert draw_of(raffle).lottery_drawing == "28 Nov"


def test_only_a_lottery_has_drawings() -> None:
    raffle = committed_raffle()
    with pytest.raises(ValidationError) as broken:
        changed(raffle, lottery_drawing="1 Dec")
    assert set(broken.value.message_dict) == {"lottery_drawing"}


def test_a_missed_lottery_is_put_off_and_nothing_else_of_it_changes() -> None:
    """Its results are known: who is decided now, or what can be won, must not follow from them."""
    raffle = committed_raffle(draw=LOTTERY)
    sold(raffle, 3)
    waits = make_order(raffle=raffle, numbers=(7,), status=Order.Status.UNDER_REVIEW)
    make_proof(waits)
    missed = raffle.draw_at + timedelta(hours=2)

    def put_off(**change: Any) -> RuleVersion:
        return change_rule(
            raffle_id=raffle.pk,
            change=RuleChange(**change),
            reason="not decided in time",
            actor=STAFF,
            now=missed,
        )

    with pytest.raises(LotteryOver):
        close_entries(draw_id=draw_of(raffle).pk, actor=STAFF, now=missed)
    later = {"draw_at": raffle.draw_at + LATER, "lottery_drawing": "1 Dec"}
    for more in (
        {"prizes": [PrizePlan(1, "A kite")]},
        {"last_number": 199},
        {"sales_close_at": missed + LATER},
    ):
        with pytest.raises(RuleOnlyLater):
            put_off(**{**later, "draw_at": raffle.draw_at + 2 * LATER, **more})
    with pytest.raises(RuleOnlyLater):
        put_off(lottery_drawing="1 Dec")
    with pytest.raises(RuleOnlyLater):
        put_off(**{**later, "draw_at": missed - timedelta(hours=1)})
    put_off(**later)
    confirm(waits, now=missed)
    draw = close_entries(draw_id=draw_of(raffle).pk, actor=STAFF, now=missed)
    assert frozen_numbers(draw) == [3, 7]
    at = raffle.draw_at + LATER + timedelta(minutes=1)
    for by in (make_staff(), make_staff()):
        type_result(draw_id=draw.pk, values=["0107", "0203", "0350"], witnesses="", by=by, now=at)
    assert hold_draw(draw_id=draw.pk, actor=STAFF, now=at).sequence == [7, 3]


def test_whoever_missed_no_lottery_puts_nothing_off_after_sales() -> None:
    raffle = committed_raffle()
    with pytest.raises(RuleOnlyLater):
        change_rule(
            raffle_id=raffle.pk,
            change=RuleChange(draw_at=raffle.draw_at + LATER),
            reason="x",
            actor=STAFF,
            now=raffle.draw_at + timedelta(hours=1),
        )
