"""Something else to sell, through the same orders: tables at a dinner, each with a price of its own."""

from __future__ import annotations

from django.db import models

from raffles.sales.models import Order


class Table(models.Model):
    name = models.CharField(max_length=20, unique=True)
    price_minor = models.BigIntegerField()
    held_by = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+")
    is_sold = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Seating(models.Model):
    """What an order asked for, kept when the table goes to somebody else."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="seatings")
    table = models.ForeignKey(Table, models.PROTECT)

    def __str__(self) -> str:
        return f"{self.order_id}/{self.table_id}"
