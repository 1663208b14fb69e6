"""How a rule is published, and how a new version of it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from raffles import sealing
from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.beacon import chain_named
from raffles.draws.errors import (
    DrawingNotNamed,
    DrawMoveNotAllowed,
    DrawTooSoon,
    RuleOnlyLater,
    RuleUnchanged,
)
from raffles.draws.fairness import secret_hash
from raffles.draws.models import Draw, DrawSecret, Prize, RuleVersion
from raffles.draws.notices import RulePublished, announce
from raffles.draws.ruling import BEFORE_THE_FIRST, Document, canonical, digest_after, require_fair, rule_of
from raffles.draws.subjects import Terms, subject_of
from raffles.sales.lifecycle import required_reason
from raffles.sales.models import Actor

Status = Draw.Status
SECRET_BYTES = 32
SECRET_PURPOSE, SALTS_PURPOSE = "secret of a draw", "salts of a draw"


@dataclass(frozen=True)
class _Word:
    actor: Actor
    reason: str
    now: datetime


def plan(*, kind: str, code: str, prize: str) -> Draw:
    """What is drawn when nobody says otherwise: one prize, by secret and beacon."""
    draw = Draw.objects.create(kind=kind, code=code)
    Prize.objects.create(draw=draw, rank=1, label=prize)
    return draw


def commit(draw: Draw, *, actor: Actor, now: datetime) -> RuleVersion:
    """In the caller's transaction, which opens the sales; whoever saves the plan meanwhile is too late."""
    draw.refresh_from_db(from_queryset=Draw.objects.select_for_update(no_key=True))
    terms = subject_of(draw).terms(draw)
    if draw.status != Status.PLANNED:
        raise DrawMoveNotAllowed(draw.code, draw.status)
    if terms.closes_at <= now:
        raise DrawTooSoon(draw.code)
    require_fair(draw, terms)
    _keep_secret(draw)
    return _publish(draw, terms, _Word(actor, "", now), moved_from=Status.PLANNED)


def publish_change(draw: Draw, *, reason: str, actor: Actor, now: datetime) -> RuleVersion:
    """What was on sale or can be won has changed, in the caller's transaction; the new version says it.

    Only while sales run, and only to a later draw: nobody can know what that changes. A lottery that was
    drawn while orders were undecided may name a later drawing, and nothing else.
    """
    reason = required_reason(reason)
    terms = subject_of(draw).terms(draw)
    if draw.status != Status.COMMITTED:
        raise DrawMoveNotAllowed(draw.code, draw.status)
    assert draw.closes_at is not None and draw.draws_at is not None  # noqa: S101, PT018 - draws_draw_committed
    old, new = json.loads(newest_rule(draw).text), rule_of(draw, terms)
    if terms.draws_at < draw.draws_at or terms.closes_at < draw.closes_at:
        raise RuleOnlyLater(draw.code)
    if now >= draw.closes_at and not (draw.draws_at < now < terms.draws_at and _is_put_off(old, new)):
        raise RuleOnlyLater(draw.code)
    require_fair(draw, terms)
    if new == old:
        raise RuleUnchanged(draw.code)
    if draw.method == Draw.Method.LOTTERY and terms.draws_at != draw.draws_at:
        _require_another_drawing(draw, old, new)
    return _publish(draw, terms, _Word(actor, reason, now), moved_from=Status.COMMITTED)


def newest_rule(draw: Draw) -> RuleVersion:
    return draw.rules.order_by("-version")[0]


def _is_put_off(old: Document, new: Document) -> bool:
    """A lottery's day and drawing alone: nothing of it can be chosen by who has seen the last results."""
    if old["lottery"] is None or new["lottery"] is None:
        return False
    day = {"draws_at": None, "lottery": None}
    return {**old, **day} == {**new, **day} and {**old["lottery"], "drawing": ""} == {
        **new["lottery"],
        "drawing": "",
    }


def _require_another_drawing(draw: Draw, old: Document, new: Document) -> None:
    """Else the rule would go on naming one whose results are known before the new day."""
    if old["lottery"]["drawing"].strip() == new["lottery"]["drawing"].strip():
        raise DrawingNotNamed(draw.code)


def _keep_secret(draw: Draw) -> None:
    secret, salts = secrets.token_hex(SECRET_BYTES), secrets.token_hex(SECRET_BYTES)
    DrawSecret.objects.create(
        draw=draw,
        sealed=sealing.sealed(secret, purpose=SECRET_PURPOSE) if draw.uses_secret else "",
        salt_key=sealing.sealed(salts, purpose=SALTS_PURPOSE),
    )
    draw.secret_hash = secret_hash(secret) if draw.uses_secret else ""
    draw.chain = chain_named(settings.DRAW_CHAIN).hash if draw.method == Draw.Method.BEACON else ""


def _publish(draw: Draw, terms: Terms, word: _Word, *, moved_from: str) -> RuleVersion:
    text = canonical(rule_of(draw, terms))
    previous = draw.rules.order_by("-version").first()
    version = RuleVersion.objects.create(
        draw=draw,
        version=previous.version + 1 if previous else 1,
        text=text,
        digest=digest_after(previous.digest if previous else BEFORE_THE_FIRST, text),
        reason=word.reason,
        published_at=word.now,
        by=word.actor.user,
    )
    _move(draw, terms, version, moved_from)
    _note(draw, version, word)
    announce(RulePublished(draw, version))
    return version


def _move(draw: Draw, terms: Terms, version: RuleVersion, moved_from: str) -> None:
    columns = {
        "status": Status.COMMITTED.value,
        "rule_digest": version.digest,
        "secret_hash": draw.secret_hash,
        "chain": draw.chain,
        "closes_at": terms.closes_at,
        "draws_at": terms.draws_at,
    }
    if not Draw.objects.filter(pk=draw.pk, status=moved_from).update(**columns):
        raise DrawMoveNotAllowed(draw.code, draw.status)
    for name, value in columns.items():
        setattr(draw, name, value)


def _note(draw: Draw, version: RuleVersion, word: _Word) -> None:
    record(
        Deed.RULE_PUBLISHED,
        subject=draw,
        label=draw.code,
        user=word.actor.user,
        actor=word.actor.label,
        after={"version": version.version, "digest": version.digest},
        reason=word.reason,
        now=word.now,
    )
