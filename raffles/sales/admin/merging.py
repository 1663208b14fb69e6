"""The page on which two players who are one person become one, after a look at what would come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from raffles.sales.actions import merge_players
from raffles.sales.admin.additions import remarks_about, search
from raffles.sales.admin.holdings import Holding, holding_of
from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import page_url
from raffles.sales.errors import Refusal
from raffles.sales.models import Order, Player
from raffles.sales.rights import may_decide, require_decision
from raffles.sales.sight import seen_by, wholly_seen_by

PERMISSION = "sales.merge_players"
MOST_FOUND = 20


@dataclass(frozen=True)
class Merged:
    """What each of the two has, what the one has afterwards, and a mark of it all."""

    keep: Holding
    gone: Holding
    after: Holding
    remarks: tuple[str, ...]

    @property
    def seen(self) -> str:
        told = repr([one.facts for one in (self.keep, self.gone, self.after)] + [self.remarks])
        return sha256(told.encode()).hexdigest()[:32]


class _OnlyTried(Exception):
    """Undoes what was tried."""


def may_merge(user: Any, player: Player) -> bool:
    return may_decide(user, PERMISSION) and player.merged_into_id is None


def answer(page: ModelPage[Player], request: HttpRequest, player_id: int) -> HttpResponse:
    require_decision(request.user, PERMISSION)
    if not page.has_view_permission(request):
        raise PermissionDenied
    player = _wholly_seen(request, str(player_id))
    if player.merged_into is not None:
        messages.info(request, _("one of the two was merged already"))
        return HttpResponseRedirect(page_url(player.merged_into))
    chosen = request.POST if request.method == "POST" else request.GET
    if "with" not in chosen:
        return _choose(page, request, player)
    other = _wholly_seen(request, chosen["with"])
    keep, gone = _who_stays(player, other, chosen.get("keep", ""))
    if request.method == "POST":
        return _merge(page, request, player, keep, gone)
    return _preview(page, request, player, keep, gone)


def _wholly_seen(request: HttpRequest, typed: str) -> Player:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise Http404
    player = wholly_seen_by(request.user, Player.objects.filter(pk=int(typed))).first()
    if player is None:
        raise Http404
    return player


def _who_stays(one: Player, other: Player, keep: str) -> tuple[Player, Player]:
    """The older of the two, unless staff say otherwise: links and lists of long ago go on leading there."""
    first, second = sorted((one, other), key=lambda player: player.pk)
    return (second, first) if keep == str(second.pk) else (first, second)


def _tried(keep: Player, gone: Player, user: Any) -> Merged:
    """The merge itself, undone at once: what is shown cannot differ from what will be."""
    found: list[Merged] = []
    try:
        with transaction.atomic():
            found.append(_carried_out(keep, gone, user, timezone.now()))
            raise _OnlyTried
    except _OnlyTried:
        return found[0]


def _carried_out(keep: Player, gone: Player, user: Any, now: datetime) -> Merged:
    before = holding_of(keep.pk), holding_of(gone.pk)
    kept = merge_players(keep_id=keep.pk, gone_id=gone.pk, by=cast(User, user), now=now)
    return Merged(*before, holding_of(kept.pk), remarks_about(kept))


def _merge(
    page: ModelPage[Player], request: HttpRequest, player: Player, keep: Player, gone: Player
) -> HttpResponse:
    try:
        with transaction.atomic():
            done = _carried_out(keep, gone, request.user, timezone.now())
            if done.seen != request.POST.get("seen"):
                raise _OnlyTried
    except _OnlyTried:
        messages.warning(
            request, _("Something changed while you were looking. Nothing was done: look again, then decide.")
        )
        return _preview(page, request, player, keep, gone)
    except Refusal as refusal:
        messages.error(request, in_words(refusal))
        return HttpResponseRedirect(page_url(Player.objects.get(pk=gone.pk).merged_into or player))
    messages.success(request, _("%(gone)s and %(keep)s are one player now") % {"gone": gone, "keep": keep})
    return HttpResponseRedirect(page_url(keep))


def _preview(
    page: ModelPage[Player], request: HttpRequest, player: Player, keep: Player, gone: Player
) -> HttpResponse:
    merged, refused = None, ""
    try:
        merged = _tried(keep, gone, request.user)
    except Refusal as refusal:
        refused = in_words(refusal)
    other = gone if player == keep else keep
    told = {"keep": keep, "gone": gone, "merged": merged, "refused": refused, "other": other}
    return _shown(page, request, player, told)


def _choose(page: ModelPage[Player], request: HttpRequest, player: Player) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    return _shown(page, request, player, {"q": words, "found": _found(page, request, player, words)})


def _found(page: ModelPage[Player], request: HttpRequest, player: Player, words: str) -> list[Player]:
    """By name, phone or mail as in the list, or by what finds an order: its code, its raffle, the chat."""
    if not words:
        return []
    others = seen_by(request.user, Player.objects.filter(merged_into=None)).exclude(pk=player.pk)
    listed, _has_twins = page.get_search_results(request, others, words)
    by_order = Order.objects.filter(search(words)).values("player_id")
    by_code = Order.objects.filter(code__iexact=words).values("player_id")
    more: QuerySet[Player] = others.filter(pk__in=by_order) | others.filter(pk__in=by_code)
    keys = set(listed.order_by("-pk").values_list("pk", flat=True)[:MOST_FOUND])
    keys |= set(more.order_by("-pk").values_list("pk", flat=True)[:MOST_FOUND])
    return list(others.filter(pk__in=keys).order_by("-pk")[:MOST_FOUND])


def _shown(
    page: ModelPage[Player], request: HttpRequest, player: Player, told: dict[str, Any]
) -> HttpResponse:
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": _("Merge two players"),
        "player": player,
        "back": page_url(player),
        **told,
    }
    return TemplateResponse(request, "admin/sales/player/merge.html", context)
