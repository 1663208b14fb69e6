"""The rule of a draw as a text that is published, and what must be right before it is."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from raffles.draws.beacon import Chain, UnknownChain, chain_by_hash, round_at
from raffles.draws.coverage import coverage_of_digits
from raffles.draws.errors import PrizesMissing, RuleIncomplete, RuleUnfair
from raffles.draws.fairness import ALGORITHM
from raffles.draws.models import Draw, Prize
from raffles.draws.models.draws import BEACON_MISSING_AFTER, MARGIN, SECRET_LOST_AFTER
from raffles.draws.subjects import Terms

BEFORE_THE_FIRST = "0" * 64
Document = dict[str, Any]
_HOUR = timedelta(hours=1)


def instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def canonical(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_after(previous: str, text: str) -> str:
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def rule_of(draw: Draw, terms: Terms) -> Document:
    """Every key is in docs/draws.md."""
    return {
        "algorithm": ALGORITHM,
        "code": draw.code,
        **published_terms(terms),
        "entries": "paid when the entries are frozen",
        "unsold": "cannot win",
        "method": draw.method,
        "secret_hash": draw.secret_hash or None,
        "beacon": _beacon(draw, terms.draws_at),
        "lottery": _lottery(draw),
        "prizes": [_prize(prize) for prize in draw.prizes.order_by("rank")],
        "reserves": draw.reserves,
        "redraw": draw.redraw,
        "claim_days": draw.claim_days,
        "fallback": {
            "secret_lost_hours": SECRET_LOST_AFTER // _HOUR,
            "beacon_missing_hours": BEACON_MISSING_AFTER // _HOUR,
        },
    }


def published_terms(terms: Terms) -> Document:
    return {
        "title": terms.title,
        "numbers": {"first": terms.first, "last": terms.last, "width": terms.width},
        "sales_open_at": instant(terms.sales_open_at),
        "closes_at": instant(terms.closes_at),
        "draws_at": instant(terms.draws_at),
        "time_zone": terms.time_zone,
    }


def changed_terms(text: str, terms: Terms) -> tuple[str, ...]:
    """What is on sale otherwise than this rule says. A title may be mended without harm."""
    return _changed(json.loads(text), published_terms(terms))


def changed_parts(text: str, draw: Draw, terms: Terms) -> tuple[str, ...]:
    """What is on sale or would be drawn otherwise than this rule says, the columns of its instants too."""
    try:
        changed = _changed(json.loads(text), rule_of(draw, terms))
    except UnknownChain:
        changed = ("beacon",)
    kept = {"closes_at": draw.closes_at == terms.closes_at, "draws_at": draw.draws_at == terms.draws_at}
    return tuple(dict.fromkeys([*changed, *(name for name, same in kept.items() if not same)]))


def _changed(rule: Document, now: Document) -> tuple[str, ...]:
    return tuple(name for name in now if name != "title" and rule.get(name) != now[name])


def round_due(draw: Draw) -> int | None:
    """The round that counts by the rule, the instant of closing and a secret that was lost."""
    if draw.method != Draw.Method.BEACON or draw.base is None:
        return None
    lost = draw.fallback == Draw.Fallback.SECRET_LOST
    return round_at(chain_of(draw), draw.base + (SECRET_LOST_AFTER if lost else timedelta()))


def require_fair(draw: Draw, terms: Terms) -> None:
    """Prizes, what the method needs, and that every number can win as well as any other."""
    if not draw.prizes.exists():
        raise PrizesMissing(draw.code)
    if draw.method == Draw.Method.LOTTERY:
        for field in ("lottery_name", "lottery_drawing"):
            if not getattr(draw, field).strip():
                raise RuleIncomplete(draw.code, field)
        _require_coverage(draw, terms)


def chain_of(draw: Draw) -> Chain:
    return chain_by_hash(draw.chain)


def _require_coverage(draw: Draw, terms: Terms) -> None:
    found = coverage_of_digits(
        first=terms.first, last=terms.last, digits=draw.lottery_digits, mapping=draw.lottery_mapping
    )
    if not found.is_fair:
        raise RuleUnfair(draw.code, found.never, found.likelier)


def _beacon(draw: Draw, draws_at: datetime) -> Document | None:
    if draw.method != Draw.Method.BEACON:
        return None
    chain = chain_of(draw)
    return {
        "chain": chain.hash,
        "public_key": chain.public_key,
        "genesis": chain.genesis,
        "period": chain.period,
        "scheme": chain.scheme,
        "round": round_at(chain, draws_at),
        "margin_seconds": int(MARGIN.total_seconds()),
    }


def _lottery(draw: Draw) -> Document | None:
    if draw.method != Draw.Method.LOTTERY:
        return None
    return {
        "name": draw.lottery_name,
        "drawing": draw.lottery_drawing,
        "results": draw.lottery_results,
        "digits": draw.lottery_digits,
        "mapping": draw.lottery_mapping,
    }


def _prize(prize: Prize) -> Document:
    return {
        "rank": prize.rank,
        "label": prize.label,
        "quantity": prize.quantity,
        "amount_minor": prize.amount_minor,
        "currency": prize.currency or None,
    }
