"""What a simulated player makes of what the chat says."""

from __future__ import annotations

import pytest

from whatsapp.simulator.crowd_player import Act, Player, Say, ShowReceipt, Tap, Temper
from whatsapp.simulator.crowd_reading import Choice, Heard

PATIENT = Temper(restless_share=0.0)
NUMBERS = "*Which numbers do you want?* (000 to 999, at most 20)"


def bubble(text: str, *ids: str) -> Heard:
    return Heard("wamid.1", text, tuple(Choice(each, each) for each in ids))


def waiting_player(index: int = 1, seed: int = 1, temper: Temper = PATIENT) -> Player:
    player = Player(index, seed, temper)
    player.acts(0.0)
    return player


def answer_to(heard: Heard, *, index: int = 1, temper: Temper = PATIENT) -> tuple[Act, ...]:
    player = waiting_player(index, temper=temper)
    player.hear(heard, 1.0)
    return player.due


def test_a_player_begins_with_a_greeting_in_the_own_language() -> None:
    for index in range(20):
        player = Player(index, 1, PATIENT)
        (greeting,) = player.acts(player.due_at)
        assert isinstance(greeting, Say)


def test_the_same_seed_makes_the_same_player_and_another_seed_another() -> None:
    def crowd(seed: int) -> list[tuple[str, str, float]]:
        return [(p.name, p.number, p.due_at) for p in (Player(i, seed, PATIENT) for i in range(30))]

    assert crowd(1) == crowd(1)
    assert crowd(1) != crowd(2)


def test_no_two_players_share_a_number_or_a_name() -> None:
    players = [Player(index, 7, PATIENT) for index in range(2000)]
    assert len({player.number for player in players}) == len({player.name for player in players}) == 2000


def test_held_numbers_are_confirmed_by_the_button_that_is_offered() -> None:
    acts = answer_to(
        bubble("Held · order *ABC234*", "confirm:ABC234:3", "change:ABC234:3", "cancel:ABC234:3")
    )
    assert set(acts) == {Tap("wamid.1", "confirm:ABC234:3")}


def test_words_without_buttons_are_answered_with_the_receipt_of_the_order() -> None:
    assert set(answer_to(bubble("To pay: 10\nreference: *ABC234*"))) == {ShowReceipt("ABC234")}


def test_numbers_are_chosen_within_the_range_that_the_chat_tells() -> None:
    for index in range(60):
        (act, *_) = answer_to(
            bubble(NUMBERS, "random:MOTO-1:2", "random:MOTO-5:2", "raffles:0:2"), index=index
        )
        if isinstance(act, Say):
            digits = [
                int(word) for word in act.text.replace(",", " ").replace("-", " ").split() if word.isdigit()
            ]
            assert digits
            assert all(number <= 999 for number in digits)
        else:
            assert isinstance(act, Tap)
            assert act.reply_id.startswith("random:")


def test_many_players_want_the_same_lucky_numbers() -> None:
    offer = bubble(NUMBERS, "random:MOTO-1:2", "raffles:0:2")
    said = [act.text for index in range(80) for act in answer_to(offer, index=index) if isinstance(act, Say)]
    assert sum("70" in text.split(", ") for text in said) >= 3


def test_when_numbers_are_taken_one_of_the_ways_offered_is_taken() -> None:
    offered = ("rest::4", "near::4", "open:MOTO:4")
    taken = {answer_to(bubble("*007* is taken", *offered), index=index) for index in range(40)}
    assert {act.reply_id for (act,) in taken if isinstance(act, Tap)} == set(offered)


def test_a_bubble_that_offers_nothing_known_is_a_dead_end_and_the_player_asks_for_the_menu() -> None:
    player = waiting_player()
    player.hear(bubble("?", "dance:now:3"), 1.0)
    assert player.troubles == ["player 1 can do nothing with ['dance']"]
    assert player.due == (Say("menu"),)


def test_who_is_not_answered_writes_again_and_complains_at_the_third_time() -> None:
    player = waiting_player()
    for _ in range(3):
        assert player.acts(player.due_at) == (Say("menu"),)
    assert player.troubles == ["player 1 is not answered"]


def test_a_notice_is_no_answer_to_what_was_just_said() -> None:
    player = waiting_player()
    player.hear(bubble("*Payment confirmed!* Order ABC234\nGood luck! 🍀"), 1.0)
    player.hear(bubble("Time ran out", "open:MOTO:0", "menu::0"), 1.5)
    assert player.is_waiting
    assert player.paid == 1


def test_a_rejected_receipt_is_sent_again() -> None:
    player = waiting_player()
    player.hear(bubble("To pay: 10\nreference: *ABC234*"), 1.0)
    player.acts(player.due_at)
    player.hear(bubble("under review *ABC234*", "raffles:0:5", "orders::5"), 2.0)
    player.hear(bubble("We could not accept it:\n> unreadable"), 3.0)
    assert player.due == (ShowReceipt("ABC234"),)


@pytest.mark.parametrize(
    ("heard", "is_left"),
    [
        (bubble("What would you like?", "raffles:0:5", "orders::5"), True),
        (bubble("Held *ABC234*", "confirm:ABC234:3", "cancel:ABC234:3"), False),
    ],
)
def test_once_all_is_sold_nothing_new_is_begun_and_what_is_begun_is_finished(
    heard: Heard, is_left: bool
) -> None:
    player = waiting_player()
    player.close()
    player.hear(heard, 1.0)
    assert player.is_busy is not is_left


def test_a_planned_visit_is_left_when_the_raffle_closes() -> None:
    player = waiting_player()
    player.hear(bubble("What would you like?", "raffles:0:5", "orders::5"), 1.0)
    player.close()
    assert not player.is_busy


def test_restless_players_go_away_cancel_or_change_and_do_so_once() -> None:
    restless = Temper(restless_share=1.0)
    offer = bubble("Held *ABC234*", "confirm:ABC234:3", "change:ABC234:3", "cancel:ABC234:3")
    acts = {answer_to(offer, index=index, temper=restless)[0] for index in range(80)}
    assert {act.reply_id.partition(":")[0] for act in acts if isinstance(act, Tap)} >= {"change", "cancel"}
    player = waiting_player(temper=restless)
    for turn in range(20):
        player.hear(offer, float(turn))
        player.acts(player.due_at)
    assert player.strays_left == 0


def test_who_wrote_twice_reads_both_answers_and_goes_by_the_last() -> None:
    player = waiting_player()
    player.acts(70.0)  # "menu", for nothing had come
    player.hear(bubble("Which?", "open:A:1"), 80.0)
    assert (player.due, player.due_at) == ((), 80.0 + PATIENT.patience)
    player.hear(bubble("Menu", "raffles::2"), 90.0)
    assert player.due == (Tap("wamid.1", "raffles::2"),)


def test_where_an_answer_is_lost_for_good_the_player_asks_again_and_goes_on() -> None:
    player = waiting_player()
    player.acts(70.0)
    player.hear(bubble("Menu", "raffles::2"), 80.0)
    assert player.acts(player.due_at) == (Say("menu"),)
    player.hear(bubble("Menu", "raffles::3"), 150.0)
    assert player.due == (Tap("wamid.1", "raffles::3"),)
