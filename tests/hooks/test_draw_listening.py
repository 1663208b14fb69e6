"""What machines of others hear of draws: enough to be a witness, and of winners only who may know them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User

from raffles.api.models import MadeSubscription
from raffles.draws.actions import call_off_draw, claim_award, hand_over_award, lose_award
from raffles.draws.models import Draw
from raffles.draws.notices import DrawTroubled, EntriesWait
from raffles.hooks.happenings import happenings_of_draw
from raffles.hooks.listeners import hear_of_draw
from raffles.hooks.models import Event, Subscription
from raffles.numbers.actions import RuleChange, change_rule
from tests.api.conftest import token_for
from tests.draws.staging import STAFF, at_draw, closed_draw, committed_raffle, draw_of, held_draw, sold
from tests.factories import NOW, make_player, make_staff
from tests.hooks.receiving import make_owner, make_webhook

pytestmark = pytest.mark.django_db

URL = "https://partner.example/"
OF_DRAWS = ("rule.published", "draw.closed", "draw.held", "draw.called_off")
OF_AWARDS = ("award.claimed", "award.handed_over", "award.passed_on")


@pytest.fixture(autouse=True)
def _hooks_alone(settings: Any) -> None:
    settings.RAFFLES_LISTENERS = []
    settings.DRAW_LISTENERS = ["raffles.hooks.listeners.hear_of_draw"]


def told() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def data(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Event.objects.get(kind=kind).body)["data"]
    return found


def decided(draw: Draw) -> None:
    """One prize is handed over, of the other the first winner gives it up."""
    first, second = draw.awards.order_by("place")
    by, now = make_staff(), at_draw(draw.raffle)
    claim_award(draw_id=draw.pk, player_id=first.player_id, actor=STAFF, now=now)
    hand_over_award(award_id=first.pk, by=by, note="in person", now=now)
    lose_award(award_id=second.pk, by=by, why="GIVEN_UP", note="by phone", now=now)


def test_a_draw_is_told_from_its_rule_to_its_prizes() -> None:
    make_webhook(URL)
    draw = held_draw(prizes=[("A car", 1), ("A bicycle", 1)])
    decided(draw)
    assert told() == ["rule.published", "draw.closed", "draw.held", *OF_AWARDS]
    assert set(Event.objects.values_list("subject", flat=True)) == {f"draw:{draw.pk}"}


def test_whoever_hears_of_the_closing_is_a_witness_to_the_root() -> None:
    make_webhook(URL)
    draw = held_draw()
    rule = draw.rules.get()
    assert data("rule.published") == {"draw": draw.code, "version": 1, "digest": rule.digest}
    assert data("draw.closed") == {
        "draw": draw.code, "root": draw.root, "entries": 5, "digest": rule.digest,
        "closed_at": "2026-11-28T15:01:00+00:00", "round": draw.beacon_round,
    }  # fmt: skip
    assert data("draw.held") == {"draw": draw.code, "root": draw.root}
    assert draw.seed not in "".join(Event.objects.values_list("body", flat=True))


def test_each_version_of_a_rule_is_told() -> None:
    make_webhook(URL, "rule.published")
    raffle = committed_raffle()
    later = RuleChange(draw_at=raffle.draw_at + timedelta(days=1))
    version = change_rule(raffle_id=raffle.pk, change=later, reason="a storm", actor=STAFF, now=NOW)
    bodies = [
        json.loads(body)["data"] for body in Event.objects.order_by("pk").values_list("body", flat=True)
    ]
    assert [body["version"] for body in bodies] == [1, 2]
    assert bodies[1]["digest"] == version.digest


def test_a_draw_that_is_called_off_is_told_without_its_reason() -> None:
    make_webhook(URL, "draw.called_off")
    raffle = committed_raffle()
    call_off_draw(draw_id=draw_of(raffle).pk, by=make_staff(), reason="too few", now=NOW)
    assert data("draw.called_off") == {"draw": raffle.code}


def test_nothing_of_a_person_is_told() -> None:
    make_webhook(URL)
    raffle = committed_raffle(prizes=[("A car", 1), ("A bicycle", 1)], draw={"reserves": 1})
    for number in (3, 5, 12):
        sold(raffle, number, player=make_player(name="Ana Núñez", phone="+595981222333"))
    draw = held_draw(raffle)
    decided(draw)
    every = " ".join(Event.objects.values_list("body", flat=True))
    award = json.loads(Event.objects.get(kind="award.claimed").body)["data"]
    assert award == {"draw": draw.code, "award": draw.awards.order_by("place")[0].pk}
    for private in ("Ana", "595981", "in person", *draw.awards.values_list("order__code", flat=True)):
        assert private not in every


@pytest.mark.parametrize("fact", [EntriesWait, DrawTroubled])
def test_what_only_staff_need_to_know_is_no_event(fact: Any) -> None:
    given = {"draw": Draw(), "undecided": 1, "what": "entries", "at": NOW}
    assert happenings_of_draw(fact(**{name: given[name] for name in fact.__dataclass_fields__})) == []


def organiser_of(draw: Draw, *rights: str) -> User:
    owner = make_owner(is_superuser=False, is_staff=True)
    draw.raffle.organisers.add(owner)
    for right in rights:
        app, codename = right.split(".")
        owner.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return User.objects.get(pk=owner.pk)


def test_who_may_not_see_prizes_hears_of_none() -> None:
    draw = held_draw(prizes=[("A car", 1), ("A bicycle", 1)])
    make_webhook(URL, owner=organiser_of(draw, "draws.view_draw"))
    decided(draw)
    assert told() == []
    make_webhook(URL, owner=organiser_of(draw, "draws.view_award"))
    award = draw.awards.filter(status="OPEN").get()
    claim_award(draw_id=draw.pk, player_id=award.player_id, actor=STAFF, now=at_draw(draw.raffle))
    assert told() == ["award.claimed"]


def test_an_organiser_hears_of_their_own_draws() -> None:
    mine, theirs = committed_raffle(), committed_raffle()
    make_webhook(URL, owner=organiser_of(draw_of(mine)))
    for raffle in (mine, theirs):
        sold(raffle, 3)
        closed_draw(raffle)
    assert [json.loads(event.body)["data"]["draw"] for event in Event.objects.all()] == [mine.code]


def program(*scopes: str, is_superuser: bool = False) -> Subscription:
    user = make_staff()
    User.objects.filter(pk=user.pk).update(is_superuser=is_superuser)
    client = token_for(User.objects.get(pk=user.pk), *scopes, client=f"of {user}")[0].client
    webhook = make_webhook(URL, owner=user)
    Subscription.objects.filter(pk=webhook.pk).update(program=client.name)
    MadeSubscription.objects.create(subscription=webhook, client=client)
    return webhook


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        (("webhooks:own", "raffles:read"), set(OF_DRAWS)),
        (("webhooks:own",), set()),
        (("raffles:read",), set()),
        (("staff:webhooks",), set(OF_DRAWS)),
        (("staff:webhooks", "awards:read"), {*OF_DRAWS, *OF_AWARDS}),
        (("webhooks:own", "raffles:read", "awards:read"), set(OF_DRAWS)),
    ],
)
def test_a_program_hears_what_its_scopes_open(scopes: tuple[str, ...], expected: set[str]) -> None:
    program(*scopes, is_superuser=True)
    decided(held_draw(prizes=[("A car", 1), ("A bicycle", 1)]))
    call_off_draw(draw_id=draw_of(committed_raffle()).pk, by=make_staff(), reason="too few", now=NOW)
    assert set(told()) == expected


def test_a_scope_for_prizes_does_not_replace_the_right() -> None:
    program("staff:webhooks", "awards:read")
    draw = held_draw()
    draw.raffle.organisers.add(*User.objects.all())
    award = draw.awards.get()
    claim_award(draw_id=draw.pk, player_id=award.player_id, actor=STAFF, now=at_draw(draw.raffle))
    assert "award.claimed" not in told()


def test_facts_of_each_player_cost_no_look(django_assert_num_queries: Any) -> None:
    draw = held_draw()
    with django_assert_num_queries(0):
        hear_of_draw(EntriesWait(draw, 1, NOW))
