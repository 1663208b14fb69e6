"""Who won what: a door with scopes of its own, and each look through it is written down."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api.door import AnyKind, Door
from raffles.api.once import once
from raffles.api.parsing import takes_nothing
from raffles.api.permissions import Need
from raffles.api.scopes import Scope
from raffles.api.serializing import told
from raffles.api.views.award_fields import AwardDetail, AwardShown, HandOver, LoseAward, ShowWinner
from raffles.api.views.award_filters import AwardFilters
from raffles.api.views.money import PROOF_KINDS
from raffles.api.views.order_fields import given
from raffles.audit.models import Deed
from raffles.audit.recording import record, record_each
from raffles.draws import errors as draws
from raffles.draws.actions import claim_award, forget_winner, hand_over_award, lose_award, show_winner
from raffles.draws.models import Award
from raffles.sales import errors as sales
from raffles.sales.admin.files import private_file
from raffles.sales.models import Actor
from raffles.sales.sight import seen_by

READ = Need((Scope.AWARDS_READ,), "draws.view_award")
HAND_OVER = Need((Scope.AWARDS_WRITE,), "draws.hand_over_award", decides=True)
DECIDED = (draws.AwardNotFound, draws.AwardDecided, sales.ReasonMissing)


class AwardDoor(Door):
    queryset = Award.objects.all()
    serializer_class = AwardShown
    filterset_class = AwardFilters
    ordering_fields = ("id", "number", "won_at", "claim_until")
    uploads = frozenset({"hand_over"})
    needs = {
        **dict.fromkeys(("list", "retrieve", "file"), READ),
        **dict.fromkeys(("claim", "show", "hand_over"), HAND_OVER),
        "lose": Need((Scope.AWARDS_WRITE,), "draws.lose_award", decides=True),
        "forget": Need((Scope.AWARDS_WRITE,), "draws.forget_winner", decides=True),
    }
    refuses = {
        "claim": (draws.DrawNotFound, draws.NothingWon),
        "show": (draws.DrawNotFound, draws.NothingWon, draws.NameMissing),
        "hand_over": (
            *DECIDED,
            draws.AwardUnpaid,
            sales.ProofUnreadable,
            sales.ProofTooLarge,
            sales.ProofKindNotAllowed,
        ),
        "lose": DECIDED,
        "forget": (draws.AwardNotFound,),
    }

    def get_queryset(self) -> QuerySet[Award]:
        rows = Award.objects.select_related("draw", "prize", "order", "handed_over_by")
        return seen_by(self.request.user, rows)

    def list(self, request: Request) -> Response:
        """Names no order and no player: only one prize at a time does."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or ()
        self._note(rows)
        return self.get_paginated_response([told(row, AwardShown) for row in rows])

    @extend_schema(responses=AwardDetail)
    def retrieve(self, request: Request, pk: str) -> Response:
        award = self.get_object()
        self._note([award])
        return self._detail(award)

    @extend_schema(
        responses={(200, kind): OpenApiTypes.BINARY for kind in PROOF_KINDS},
        summary="Read the proof of a hand-over",
    )
    @action(detail=True, content_negotiation_class=AnyKind)
    def file(self, request: Request, pk: str) -> FileResponse:
        """The file that shows it, where there is one."""
        award = self.get_object()
        answer = private_file(award.hand_over_proof, f"award-{award.pk}")
        record(Deed.FILE_SEEN, subject=award, label=_label(award), user=self.staff, after={"by": "api"})
        return answer

    @extend_schema(request=None, responses=AwardDetail, summary="Note that a winner came forward")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def claim(self, request: Request, pk: str) -> Response:
        """By phone or in person: the deadline is kept, for all that they won in this draw."""
        award, now = self.get_object(), timezone.now()
        actor = Actor.staff(self.staff)
        claim_award(draw_id=award.draw_id, player_id=award.player_id, actor=actor, now=now)
        return self._detail(self.get_object())

    @extend_schema(request=ShowWinner, responses=AwardDetail, summary="Say what is shown of a winner")
    @action(detail=True, methods=["post"])
    @once
    def show(self, request: Request, pk: str) -> Response:
        """Only on their own word. What they take back is hidden at once."""
        award, words = self.get_object(), given(ShowWinner, request.data)
        show_winner(
            draw_id=award.draw_id,
            player_id=award.player_id,
            actor=Actor.staff(self.staff),
            now=timezone.now(),
            **words,
        )
        return self._detail(self.get_object())

    @extend_schema(
        request={"multipart/form-data": HandOver},
        responses=AwardDetail,
        summary="Hand a prize over",
    )
    @action(detail=True, methods=["post"], url_path="hand-over")
    @once
    def hand_over(self, request: Request, pk: str) -> Response:
        """It is with its winner: who received it, and where there is one a photo or PDF. It is final."""
        award, words = self.get_object(), given(HandOver, request.data)
        proof = words["proof"].read() if "proof" in words else None
        hand_over_award(award_id=award.pk, by=self.staff, note=words["note"], proof=proof, now=timezone.now())
        return self._detail(self.get_object())

    @extend_schema(request=LoseAward, responses=AwardDetail, summary="Pass a prize on")
    @action(detail=True, methods=["post"])
    @once
    def lose(self, request: Request, pk: str) -> Response:
        """Its winner has lost it; the rule says who is next, and that prize is one of its own."""
        award, words = self.get_object(), given(LoseAward, request.data)
        lose_award(award_id=award.pk, by=self.staff, now=timezone.now(), **words)
        return self._detail(self.get_object())

    @extend_schema(request=None, responses=AwardDetail, summary="Forget a winner")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def forget(self, request: Request, pk: str) -> Response:
        """Erases what was written of them, for all they won in the draw; again it changes nothing."""
        forget_winner(award_id=self.get_object().pk, by=self.staff, now=timezone.now())
        return self._detail(self.get_object())

    def _detail(self, award: Award) -> Response:
        is_shown = self.request.user.has_perm("sales.view_player")
        return Response(told(award, AwardDetail, as_staff=is_shown))

    def _note(self, awards: Sequence[Award]) -> None:
        told = [(award, _label(award)) for award in awards]
        record_each(Deed.AWARD_SEEN, told, user=self.staff, after={"by": "api"})


def _label(award: Award) -> str:
    return f"{award.draw.code} {award.number}"
