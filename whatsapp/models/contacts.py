from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Meta closes the window 24 hours after the last inbound message; ten minutes are kept for the way there.
WINDOW = timedelta(hours=23, minutes=50)


class Contact(models.Model):
    """Who writes to us. The business-scoped user id is the key; phone and names are attributes."""

    player = models.OneToOneField(
        "sales.Player", on_delete=models.PROTECT, related_name="contact", verbose_name=_("player")
    )
    bsuid = models.CharField(_("WhatsApp user id"), max_length=255, null=True, blank=True, unique=True)
    wa_id = models.CharField(_("phone"), max_length=32, blank=True, db_index=True)
    username = models.CharField(_("username"), max_length=255, blank=True)
    profile_name = models.CharField(_("profile name"), max_length=255, blank=True)
    has_chosen_language = models.BooleanField(_("has chosen a language"), default=False)
    receives_staff_alerts = models.BooleanField(_("receives staff alerts"), default=False)
    last_inbound_at = models.DateTimeField(_("last wrote"), null=True, blank=True)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    # The bot does not answer; what comes is kept and shown, and receipts still reach their order.
    muted_at = models.DateTimeField(_("muted"), null=True, blank=True)
    # All that was sent is paid for, at Meta's rate for one person, at this instant.
    paced_until = models.DateTimeField(_("paced until"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("first seen"))

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=Q(bsuid__isnull=False) | ~Q(wa_id=""), name="contact_has_an_address"
            ),
            models.UniqueConstraint(fields=["wa_id"], condition=~Q(wa_id=""), name="contact_wa_id_unique"),
        ]

    def __str__(self) -> str:
        return self.profile_name or self.username or self.address

    @property
    def address(self) -> str:
        return f"+{self.wa_id}" if self.wa_id else str(self.bsuid)

    def is_window_open(self, now: datetime) -> bool:
        return self.last_inbound_at is not None and now < self.last_inbound_at + WINDOW


class ContactIdentity(models.Model):
    """Every business-scoped id a contact has had: Meta makes a new one when the number changes."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="identities", verbose_name=_("contact")
    )
    bsuid = models.CharField(_("WhatsApp user id"), max_length=255, unique=True)
    since = models.DateTimeField(_("since"))
    source = models.CharField(_("learned from"), max_length=32)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")

    def __str__(self) -> str:
        return self.bsuid


class ContactPhone(models.Model):
    """A phone of two contacts that staff made one, whichever of them is written to now.

    `bsuid`: the id that was known with it. A message from the phone with another id is somebody else's.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="merged_phones", verbose_name=_("contact")
    )
    wa_id = models.CharField(_("phone"), max_length=32, unique=True)
    bsuid = models.CharField(_("WhatsApp user id"), max_length=255, null=True, blank=True)

    class Meta:
        verbose_name = _("phone of a merged chat")
        verbose_name_plural = _("phones of merged chats")
        constraints = [models.CheckConstraint(condition=~Q(wa_id=""), name="contact_phone_is_one")]

    def __str__(self) -> str:
        return f"+{self.wa_id}"


class Conversation(models.Model):
    """Where a chat stands. `turn` counts turns; the buttons of a bubble carry the turn that showed them."""

    contact = models.OneToOneField(
        Contact, on_delete=models.CASCADE, related_name="conversation", verbose_name=_("contact")
    )
    state = models.CharField(_("state"), max_length=32, default="MENU")
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        _("context"), default=dict, blank=True
    )
    turn = models.PositiveIntegerField(_("turn"), default=0)
    # The turn whose bubble led to this state and context; what was shown since then means the same.
    here_since = models.PositiveIntegerField(_("here since turn"), default=0, editable=False)
    # Answers since `rush_began_at`: two machines that talk to each other must come to an end.
    rush_began_at = models.DateTimeField(_("rush since"), null=True, blank=True)
    rush_turns = models.PositiveIntegerField(_("answers in the rush"), default=0)
    changed_at = models.DateTimeField(_("last turn"), null=True, blank=True)
    # A person answers until then, and the bot says nothing.
    person_until = models.DateTimeField(_("with a person until"), null=True, blank=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")

    def __str__(self) -> str:
        return f"{self.contact}: {self.state}"

    def is_with_person(self, now: datetime) -> bool:
        return self.person_until is not None and now < self.person_until
