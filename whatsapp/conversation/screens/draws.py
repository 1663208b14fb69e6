"""How a draw stands for the player who asks, and the latest results."""

from __future__ import annotations

from collections.abc import Sequence

from raffles.draws.models import Draw
from raffles.draws.queries import (
    ShownWinner,
    exclusions_of,
    held_draws,
    placed_entries,
    shown_winners,
    winning_numbers,
)
from raffles.draws.subjects import Terms, subject_of
from raffles.numbers.models import Raffle
from raffles.numbers.queries import OwnNumbers
from whatsapp.conversation.screens.basic import joined, menu
from whatsapp.conversation.turn import Step, Turn
from whatsapp.texts import draws, links

ENTRIES_SHOWN = 10
ORDERS_SHOWN = 2
RAFFLES_NAMED = 2
RESULTS_SHOWN = 5


def own_draw(turn: Turn, own: Sequence[OwnNumbers]) -> Step:
    """The list that was closed last, or else the draw that comes first; the others are named."""
    first = max(own, key=_urgency)
    others = [each.raffle.code for each in own if each is not first and each.raffle.draw is not None]
    return draw(turn, first.raffle, own, others=others[:RAFFLES_NAMED])


def _urgency(own: OwnNumbers) -> tuple[bool, float]:
    draw = own.raffle.draw
    if draw is not None and draw.is_frozen and draw.closed_at is not None:
        return True, draw.closed_at.timestamp()
    return False, -own.raffle.draw_at.timestamp()


def draw(turn: Turn, raffle: Raffle, own: Sequence[OwnNumbers], *, others: Sequence[str] = ()) -> Step:
    mine = next((each for each in own if each.raffle == raffle), OwnNumbers(raffle, {}))
    also = draws.also_in(others) if others else ""
    return menu(turn, joined(_standing(turn, mine), also))


def _standing(turn: Turn, mine: OwnNumbers) -> str:
    draw, raffle = mine.raffle.draw, mine.raffle
    if draw is None or draw.status == Draw.Status.PLANNED:
        return "\n".join((draws.paid_here(raffle.title, raffle.labels(mine.numbers)), draws.no_rule_yet()))
    link = links.draw_page(draw.code)
    if draw.status == Draw.Status.CALLED_OFF:
        return draws.called_off(title=raffle.title, reason=draw.called_off_reason, link=link)
    if draw.is_frozen:
        return _frozen(turn, draw, mine)
    return draws.promised(
        title=raffle.title,
        labels=raffle.labels(mine.numbers),
        rule_digest=draw.rule_digest,
        closes_at=draw.closes_at or raffle.sales_close_at,
        zone=raffle.time_zone,
        link=link,
    )


def _frozen(turn: Turn, draw: Draw, mine: OwnNumbers) -> str:
    raffle = mine.raffle
    heading = draws.list_closed(title=raffle.title, count=draw.entry_count or 0, root=draw.root)
    is_held = draw.status == Draw.Status.DRAWN
    result = draws.who_won(raffle.labels(winning_numbers(draw))) if is_held else ""
    left_out = [
        draws.left_out(each.order.code, each.reason) for each in exclusions_of(draw, turn.player_id)[:2]
    ]
    return joined(heading, result, _entries(draw, mine), "\n".join(left_out), _where(draw, mine))


def _entries(draw: Draw, mine: OwnNumbers) -> str:
    numbers = mine.numbers
    if not numbers:
        return draws.paid_here(mine.raffle.title, ())
    lines = [
        draws.entry_line(mine.raffle.label(entry.number), entry.position + 1, entry.mark)
        for entry in placed_entries(draw, numbers[:ENTRIES_SHOWN])
    ]
    more = [draws.more_entries(len(numbers) - ENTRIES_SHOWN)] if len(numbers) > ENTRIES_SHOWN else []
    return "\n".join((draws.own_entries(), *lines, *more))


def _where(draw: Draw, mine: OwnNumbers) -> str:
    tickets = [links.ticket_page(code) for code in list(mine.by_order)[:ORDERS_SHOWN]]
    whole = draws.whole_list(links.draw_page(draw.code))
    return "\n".join((whole, draws.receipts(tickets))) if tickets else whole


def results(turn: Turn) -> Step:
    held = list(held_draws()[:RESULTS_SHOWN])
    if not held:
        return menu(turn, draws.no_results(links.draws_page()))
    lines = [_result(each) for each in held]
    body = "\n".join((draws.results_heading(), *lines))
    return menu(turn, joined(body, draws.all_results(links.results_page())))


def _result(draw: Draw) -> str:
    terms = subject_of(draw).terms(draw)
    won = [_winner(each, terms) for each in shown_winners(draw) if not each.is_lost]
    return draws.result_line(terms.title, draw.drawn_at or terms.draws_at, terms.time_zone, won)


def _winner(won: ShownWinner, terms: Terms) -> str:
    return draws.winner(terms.labels([won.number])[0], won.name)
