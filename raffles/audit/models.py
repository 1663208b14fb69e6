from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.audit.errors import WrittenForGood


class Deed(models.TextChoices):
    """What can be in the log. No choices of the column: a new deed needs a line here and no migration."""

    ORDER_MOVED = "order.moved", _("order moved")
    PROOFS_DECIDED = "proofs.decided", _("proofs decided")
    PAYMENT_APPROVED = "payment.approved", _("payment approved by the first person")
    PAYMENT_CONFIRMED = "payment.confirmed", _("payment confirmed")
    VERDICT_UNDONE = "verdict.undone", _("decision undone")
    CARD_TAKEN = "card.taken", _("order taken over from a colleague")
    REFUND_REQUESTED = "refund.requested", _("refund requested")
    REFUND_MADE = "refund.made", _("refund sent")
    REFUND_DROPPED = "refund.dropped", _("refund dropped")
    PLAYER_CHANGED = "player.changed", _("player changed")
    PLAYERS_MERGED = "players.merged", _("two players became one")
    RAFFLE_ADDED = "raffle.added", _("raffle added")
    RAFFLE_CHANGED = "raffle.changed", _("raffle changed")
    RAFFLE_MOVED = "raffle.moved", _("raffle opened, paused or closed")
    SALES_IMPORTED = "sales.imported", _("sales on paper imported")
    RAFFLE_DELETED = "raffle.deleted", _("raffle deleted")
    RULE_PUBLISHED = "draw.rule-published", _("rule of a draw published")
    DRAW_CHANGED = "draw.changed", _("plan of a draw changed")
    PRIZE_PICTURE_CHANGED = "draw.picture-changed", _("picture of a prize changed")
    ORDER_EXCLUDED = "draw.order-excluded", _("order excluded from a draw")
    ENTRIES_FROZEN = "draw.entries-frozen", _("entries of a draw frozen")
    BEACON_RECORDED = "draw.beacon-recorded", _("round of the beacon recorded")
    RESULT_TYPED = "draw.result-typed", _("result of a draw typed")
    DRAW_FELL_BACK = "draw.fell-back", _("fallback of a draw")
    DRAW_TROUBLED = "draw.troubled", _("draw stopped by something wrong")
    DRAW_HELD = "draw.held", _("draw held")
    DRAW_CALLED_OFF = "draw.called-off", _("draw called off")
    MINUTES_ISSUED = "draw.minutes-issued", _("minutes of a draw issued")
    AWARD_SHOWN = "award.shown", _("what is shown of a winner changed")
    AWARD_CLAIMED = "award.claimed", _("prize claimed")
    AWARD_HANDED_OVER = "award.handed-over", _("prize handed over")
    AWARD_LOST = "award.lost", _("prize lost by its winner")
    WINNER_FORGOTTEN = "award.winner-forgotten", _("what was written of a winner erased")
    AWARD_SEEN = "award.seen", _("winner looked at")
    CONTACT_CHANGED = "contact.changed", _("contact changed")
    MESSAGE_WRITTEN = "message.written", _("message written to a player")
    MESSAGES_REPEATED = "messages.repeated", _("failed messages sent again")
    EVENTS_REPLAYED = "events.replayed", _("received messages taken again")
    ALERTS_REPEATED = "alerts.repeated", _("alerts to staff sent again")
    NOTE_WRITTEN = "note.written", _("staff note written")
    DESTINATION_ADDED = "destination.added", _("destination of alerts added")
    DESTINATION_CHANGED = "destination.changed", _("destination of alerts changed")
    SENDING_SWITCHED = "sending.switched", _("sending paused or resumed")
    USER_CHANGED = "user.changed", _("user changed")
    USER_DELETED = "user.deleted", _("user deleted")
    PASSWORD_SET = "password.set", _("password set")
    GROUP_CHANGED = "group.changed", _("group changed")
    GROUP_DELETED = "group.deleted", _("group deleted")
    WEBHOOK_ADDED = "webhook.added", _("webhook added")
    WEBHOOK_CHANGED = "webhook.changed", _("webhook changed")
    WEBHOOK_SWITCHED = "webhook.switched", _("webhook switched on or off")
    WEBHOOK_SECRET_RENEWED = "webhook.secret-renewed", _("secret of a webhook renewed")
    WEBHOOK_TESTED = "webhook.tested", _("test event sent to a webhook")
    WEBHOOK_REPLAYED = "webhook.replayed", _("webhook delivery sent again")
    SIGNED_IN = "sign-in.done", _("signed in")
    SIGN_IN_FAILED = "sign-in.failed", _("sign-in failed")
    LOCKED_OUT = "sign-in.locked", _("locked out")
    SIGNED_OUT = "sign-out.done", _("signed out")
    FACTOR_ADDED = "second-factor.added", _("second factor added")
    FACTOR_REMOVED = "second-factor.removed", _("second factor removed")
    CODES_RENEWED = "recovery-codes.renewed", _("recovery codes renewed")
    FILE_SEEN = "file.seen", _("file looked at")
    CHAT_SEEN = "chat.seen", _("chat looked at")
    TOKEN_MADE = "token.made", _("API token made")
    TOKEN_ROTATED = "token.rotated", _("API token replaced")
    TOKEN_REVOKED = "token.revoked", _("API token revoked")
    EXPORTED = "rows.exported", _("rows exported")


class AuditRows(models.QuerySet["AuditEntry"]):
    def update(self, **_changes: Any) -> NoReturn:
        raise WrittenForGood

    def delete(self) -> NoReturn:
        raise WrittenForGood

    def bulk_update(self, *_args: Any, **_options: Any) -> NoReturn:
        raise WrittenForGood


class AuditEntry(models.Model):
    """One line of the log. The database itself refuses to change or delete it (guards.py)."""

    at = models.DateTimeField(_("at"), db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="audit_entries",
        verbose_name=_("user"),
    )
    # Stays readable when the user is renamed; also the clock, the player, a command.
    actor = models.CharField(_("actor"), max_length=160)
    action = models.CharField(_("action"), max_length=40)
    # What it was done to: the model, its key and a name that is no person's where that is possible.
    subject_type = models.CharField(_("subject type"), max_length=60, blank=True)
    subject_id = models.CharField(_("subject id"), max_length=60, blank=True)
    subject_label = models.CharField(_("subject"), max_length=160, blank=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.TextField(_("reason"), blank=True)

    objects = AuditRows.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        # Read by the right to view alone; nobody is ever given the right to change one.
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_entry_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(name="audit_entry_named", condition=~Q(action="") & ~Q(actor="")),
        ]

    def __str__(self) -> str:
        deeds: dict[str, Any] = dict(Deed.choices)
        return f"{deeds.get(self.action, self.action)} {self.subject_label}".strip()

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise WrittenForGood
        super().save(*args, **options)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise WrittenForGood
