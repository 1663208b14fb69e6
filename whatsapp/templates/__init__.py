"""What may be said outside the 24-hour window: wordings that Meta has approved, filled in."""

from whatsapp.templates.sending import (
    choices_read,
    content_for,
    mark_unusable,
    offered,
    words_of_all,
    words_read,
)

__all__ = ["choices_read", "content_for", "mark_unusable", "offered", "words_of_all", "words_read"]
