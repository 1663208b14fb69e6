from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from config.queue_tables import make_queue_tables


class ProjectConfig(AppConfig):
    name = "config"
    label = "config"
    verbose_name = "Project"

    def ready(self) -> None:
        # The area of the menu where the people are who work here.
        apps.get_app_config("auth").verbose_name = _("Staff")
        # Not before: it reads models.
        from config.people import hearing  # noqa: PLC0415

        hearing.connect()
        post_migrate.connect(make_queue_tables_too, sender=self)


def make_queue_tables_too(**_: Any) -> None:
    make_queue_tables(settings.HUEY)
