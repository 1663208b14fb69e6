from __future__ import annotations

from rest_framework import serializers

from raffles.api.serializing import PlainText, Strict
from raffles.draws.models import Award
from raffles.draws.models.awards import LONGEST_SHOWN


class AwardShown(serializers.ModelSerializer[Award]):
    """One unit of a prize that one number won."""

    draw = serializers.CharField(source="draw.code", read_only=True)
    rank = serializers.IntegerField(source="prize.rank", read_only=True)
    prize = serializers.CharField(source="prize.label", read_only=True)
    lost_why = serializers.CharField(read_only=True)

    class Meta:
        model = Award
        fields: tuple[str, ...] = (
            "id", "draw", "rank", "unit", "prize", "number", "status", "won_at", "claim_until", "claimed_at",
            "handed_over_at", "lost_at", "lost_why",
        )  # fmt: skip
        read_only_fields = fields


class AwardDetail(AwardShown):
    order = serializers.IntegerField(source="order_id", read_only=True)
    order_code = serializers.CharField(source="order.code", read_only=True)
    player = serializers.SerializerMethodField()
    handed_over_by = serializers.CharField(
        source="handed_over_by.username", default=None, allow_null=True, read_only=True
    )

    class Meta(AwardShown.Meta):
        fields = (
            *AwardShown.Meta.fields, "order", "order_code", "player", "shown", "shown_text", "shown_at",
            "handed_over_by", "hand_over_note", "hand_over_sha256", "lost_note",
        )  # fmt: skip
        read_only_fields = fields

    def get_player(self, award: Award) -> int | None:
        """Null for who may not see players."""
        return award.player_id if self.context.get("as_staff") else None


class HandOver(Strict):
    note = PlainText(max_length=500, help_text="Who received it, where and how.")
    proof = serializers.FileField(required=False)


class LoseAward(Strict):
    why = serializers.ChoiceField(choices=Award.Lost.choices)
    note = PlainText(max_length=500, help_text="What shows it.")


class ShowWinner(Strict):
    shown = serializers.ChoiceField(choices=Award.Shown.choices)
    text = PlainText(max_length=LONGEST_SHOWN, allow_blank=True, default="")
