from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "raffles.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        # Not before: both read models.
        from raffles.api.hearing import ear  # noqa: PLC0415
        from raffles.hooks.ears import add_ear  # noqa: PLC0415

        add_ear(ear)
