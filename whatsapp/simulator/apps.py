from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


class SimulatorConfig(AppConfig):
    name = "whatsapp.simulator"
    label = "simulator"
    verbose_name = "WhatsApp simulator"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(simulator_is_for_development)


def simulator_is_for_development(**_: Any) -> list[CheckMessage]:
    if settings.DEBUG or not getattr(settings, "SIMULATOR", True):
        return []
    return [
        Error(
            "The WhatsApp simulator is on while DEBUG is off.",
            hint="Anyone could write as any player. Unset SIMULATOR, or set DEBUG=1.",
            id="simulator.E001",
        )
    ]
