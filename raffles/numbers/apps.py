from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NumbersConfig(AppConfig):
    name = "raffles.numbers"
    label = "raffles"
    verbose_name = _("Raffles")

    def ready(self) -> None:
        # Not before: all of them read models.
        from raffles.draws.subjects import register as register_drawn  # noqa: PLC0415
        from raffles.numbers.drawing import NumbersSubject  # noqa: PLC0415
        from raffles.numbers.inventory import KIND, NumbersInventory  # noqa: PLC0415
        from raffles.numbers.limits import too_many_together  # noqa: PLC0415
        from raffles.sales.inventory import register  # noqa: PLC0415
        from raffles.sales.merging import add_objection  # noqa: PLC0415

        register(KIND, NumbersInventory())
        register_drawn(KIND, NumbersSubject())
        add_objection(too_many_together)
