from django.apps import AppConfig


class SecondKindConfig(AppConfig):
    name = "tests.second_kind"
    label = "second_kind"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from raffles.sales.inventory import register
        from tests.second_kind.inventory import KIND, TablesInventory

        register(KIND, TablesInventory())
