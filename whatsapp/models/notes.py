from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from raffles.sales.errors import KeptForever
from raffles.sales.models.kept import Kept, KeptRows

NOTE_LIMIT = 2000


class StaffNote(Kept):
    """What staff tell each other beside a chat. No player reads it, and nobody takes it back."""

    contact = models.ForeignKey(
        "whatsapp.Contact", on_delete=models.PROTECT, related_name="notes", verbose_name=_("contact")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    written_at = models.DateTimeField(_("written"))
    text = models.TextField(_("text"), max_length=NOTE_LIMIT)
    # Of the page it was written on: however often that page is sent, it is one note.
    token = models.UUIDField(_("token"), unique=True, editable=False)

    objects: models.Manager[StaffNote] = KeptRows.as_manager()

    class Meta:
        verbose_name = _("staff note")
        verbose_name_plural = _("staff notes")
        default_permissions = ()
        permissions = [("write_note", _("Can write staff notes beside a chat"))]
        indexes = [models.Index(fields=["contact", "written_at"], name="note_timeline")]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.written_at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise KeptForever(type(self).__name__)
        super().save(*args, **options)
