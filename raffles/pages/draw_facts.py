"""A draw as a visitor sees it: how it stands, what was published, who won, and what became of one number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from raffles.draws.beacon import DEMO, randomness_of, time_of
from raffles.draws.models import Draw, Exclusion, RuleVersion
from raffles.draws.queries import ShownWinner, placed_entries, shown_winners
from raffles.draws.ruling import chain_of
from raffles.numbers.models import Raffle, Ticket
from raffles.pages.times import Moment, grouped, moment
from raffles.pages.wording import fallback_in_words, lost_in_words

Status, Method = Draw.Status, Draw.Method
MOST_EXCLUDED = 100


@dataclass(frozen=True)
class Winner:
    """`name` is what the winner allowed to be shown; everybody else is their number."""

    rank: int
    unit: int
    prize: str
    label: str
    name: str
    lost: str

    @property
    def who(self) -> str:
        return self.name or gettext("The owner of number %(number)s") % {"number": self.label}


@dataclass(frozen=True)
class PublishedRule:
    version: RuleVersion
    published_at: Moment


@dataclass(frozen=True)
class Answer:
    """What became of one number: `is_in` is None while the entries are not frozen."""

    label: str
    is_in: bool | None
    mark: str
    sentences: list[str]


@dataclass(frozen=True)
class DrawFacts:
    draw: Draw
    raffle: Raffle

    @property
    def draws_at(self) -> Moment:
        return Moment(self.draw.draws_at or self.raffle.draw_at, self.raffle.time_zone)

    @property
    def closes_at(self) -> Moment:
        return Moment(self.draw.closes_at or self.raffle.sales_close_at, self.raffle.time_zone)

    @property
    def closed_at(self) -> Moment | None:
        return moment(self.draw.closed_at, self.raffle.time_zone)

    @property
    def drawn_at(self) -> Moment | None:
        return moment(self.draw.drawn_at, self.raffle.time_zone)

    @property
    def called_off_at(self) -> Moment | None:
        return moment(self.draw.called_off_at, self.raffle.time_zone)

    @property
    def is_coming(self) -> bool:
        return self.draw.status in {Status.COMMITTED, Status.CLOSED}

    @property
    def entries(self) -> str:
        return grouped(self.draw.entry_count or 0)

    @property
    def round_at(self) -> Moment | None:
        if self.draw.beacon_round is None:
            return None
        return Moment(time_of(chain_of(self.draw), self.draw.beacon_round), self.raffle.time_zone)

    @property
    def demo_chain(self) -> str:
        """Its hash where nobody should take the result for one."""
        is_demo = self.draw.method == Method.BEACON and self.draw.chain == DEMO.hash
        return DEMO.hash if is_demo else ""

    @property
    def command(self) -> str:
        trust = f"--trust-chain {self.demo_chain} " if self.demo_chain else ""
        return f"python verify_draw.py {trust}{self.draw.code}-proof.json"

    @property
    def randomness(self) -> str:
        has_come = self.draw.beacon_signature and self.draw.fallback != Draw.Fallback.BEACON_MISSING
        return randomness_of(self.draw.beacon_signature) if has_come else ""

    @property
    def fallback(self) -> str:
        return fallback_in_words(self.draw)

    @property
    def scenes(self) -> list[str]:
        """Of the screen in the hall, in their order: only what takes part in the result is waited for."""
        has_beacon = self.draw.method == Method.BEACON and self.draw.fallback != Draw.Fallback.BEACON_MISSING
        found = {"fallback": bool(self.draw.fallback), "beacon": has_beacon, "seed": not self.draw.is_typed}
        parts = [scene for scene, takes_part in found.items() if takes_part]
        return ["start", "closed", "root", *parts, "winner", "all"]

    @property
    def rules(self) -> list[PublishedRule]:
        zone = self.raffle.time_zone
        versions = self.draw.rules.order_by("version")
        return [PublishedRule(version, Moment(version.published_at, zone)) for version in versions]

    @property
    def first_sale(self) -> Moment | None:
        """Where it was before the rule: who bought then did not know it. None where the rule came first."""
        published_at = self.draw.rules.order_by("version").values_list("published_at", flat=True).first()
        if published_at is None or published_at <= self.raffle.sales_open_at:
            return None
        tickets = Ticket.objects.filter(raffle=self.raffle).order_by("id")
        sold_at = tickets.values_list("order__created_at", flat=True).first()
        return moment(sold_at, self.raffle.time_zone) if sold_at and sold_at < published_at else None

    @property
    def excluded(self) -> list[tuple[Exclusion, str]]:
        """The first of them; the document names them all."""
        found = self._exclusions.select_related("order").order_by("id")[:MOST_EXCLUDED]
        return [(each, ", ".join(self.raffle.labels(each.numbers))) for each in found]

    @property
    def more_excluded(self) -> str:
        count = self._exclusions.count() - MOST_EXCLUDED
        if count < 1:
            return ""
        words = ngettext(
            "and %(count)s more order: the document names it",
            "and %(count)s more orders: the document names them",
            count,
        )
        return words % {"count": grouped(count)}

    def exclusion_of(self, number: int) -> Exclusion | None:
        return next((each for each in self._exclusions.order_by("id") if number in each.numbers), None)

    @property
    def _exclusions(self) -> QuerySet[Exclusion]:
        """None are told before the entries are frozen: until then each may still change."""
        return self.draw.exclusions.all() if self.draw.is_frozen else self.draw.exclusions.none()


def winners_of(draw: Draw, raffle: Raffle, *, first: int = 0, most: int | None = None) -> list[Winner]:
    if draw.status != Status.DRAWN:
        return []
    return [_winner(won, raffle) for won in shown_winners(draw, first=first, most=most)]


def reserves_of(draw: Draw, raffle: Raffle, units: int) -> list[str]:
    """Those that were drawn behind the `units` of prizes, in their order; some may have moved up since."""
    return list(raffle.labels((draw.sequence or [])[units:]))


def answer_for(facts: DrawFacts, number: int) -> Answer:
    draw, label = facts.draw, facts.raffle.label(number)
    if not draw.is_frozen:
        return Answer(label, None, "", [_not_frozen(draw)])
    entry = next(iter(placed_entries(draw, [number])), None)
    if entry is None:
        return Answer(label, False, "", list(_why_not(facts, number, label)))
    said = [gettext("Number %(number)s takes part.") % {"number": label}]
    return Answer(label, True, entry.mark, [*said, *_outcome(facts, number, label)])


def steps_of(facts: DrawFacts) -> dict[str, Any]:
    """For the screen in the hall: numbers and digests, no names. Null is what has not come yet."""
    draw = facts.draw
    return {
        "status": draw.status,
        "scenes": facts.scenes,
        "closed": _instant(facts.closed_at),
        "count": draw.entry_count if draw.is_frozen else None,
        "root": (draw.root or None) if draw.is_frozen else None,
        "fallback": facts.fallback or None,
        "round": draw.beacon_round,
        "round_at": facts.round_at.text if facts.round_at else None,
        "randomness": facts.randomness or None,
        "seed": draw.seed or None,
        "drawn": _instant(facts.drawn_at),
        "winners": [_drawn(winner) for winner in winners_of(draw, facts.raffle) if not winner.lost],
    }


def _drawn(winner: Winner) -> dict[str, Any]:
    return {"rank": winner.rank, "prize": winner.prize, "number": winner.label}


def _instant(at: Moment | None) -> str | None:
    return at.iso if at else None


def _winner(won: ShownWinner, raffle: Raffle) -> Winner:
    return Winner(
        rank=won.rank,
        unit=won.unit,
        prize=won.prize,
        label=raffle.label(won.number),
        name=won.name,
        lost=lost_in_words(won.lost_why) if won.is_lost else "",
    )


def _not_frozen(draw: Draw) -> str:
    if draw.status == Status.CALLED_OFF:
        return gettext("This draw was called off: no number takes part.")
    return gettext("The entries are not frozen yet. Look again once sales are over.")


def _why_not(facts: DrawFacts, number: int, label: str) -> Iterator[str]:
    exclusion = facts.exclusion_of(number)
    if exclusion is not None:
        yield gettext("Number %(number)s does not take part: its order was excluded.") % {"number": label}
        yield exclusion.reason
        return
    yield gettext("Number %(number)s does not take part: it was not paid when the entries were frozen.") % {
        "number": label
    }


def _outcome(facts: DrawFacts, number: int, label: str) -> Iterator[str]:
    if facts.draw.status != Status.DRAWN:
        return
    won = [winner for winner in winners_of(facts.draw, facts.raffle) if winner.label == label]
    for winner in won:
        yield gettext("It won: %(prize)s.") % {"prize": winner.prize}
        if winner.lost:
            yield gettext("The prize was passed on: %(why)s.") % {"why": winner.lost}
    if not won and number in (facts.draw.sequence or []):
        yield gettext("It was drawn as a reserve.")
    elif not won:
        yield gettext("It did not win.")
