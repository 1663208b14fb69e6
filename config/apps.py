from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "config"
    label = "config"
    verbose_name = "Project"

    def ready(self) -> None:
        # The area of the menu where the people are who work here.
        apps.get_app_config("auth").verbose_name = _("Staff")
