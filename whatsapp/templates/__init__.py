"""What may be said outside the 24-hour window: wordings that Meta has approved, filled in."""

from whatsapp.templates.sending import content_for, mark_unusable, words_read

__all__ = ["content_for", "mark_unusable", "words_read"]
