from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "raffles.evidence"
    label = "evidence"
    verbose_name = _("Receipt evidence")

    def ready(self) -> None:
        # Not before: they read models.
        from raffles.evidence.shown import safe_copy  # noqa: PLC0415
        from raffles.evidence.wording import doubts_in_words  # noqa: PLC0415
        from raffles.sales.admin.additions import add_doubts, add_safe_copies  # noqa: PLC0415

        add_doubts(doubts_in_words)
        add_safe_copies(safe_copy)
