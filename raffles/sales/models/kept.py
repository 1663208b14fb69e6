from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db import models

from raffles.sales.errors import KeptForever

CURRENCY = r"^[A-Z]{3}$"

_Row = TypeVar("_Row", bound=models.Model)


class KeptRows(models.QuerySet[_Row]):
    def delete(self) -> NoReturn:
        raise KeptForever(self.model.__name__)


class AppendOnlyRows(KeptRows[_Row]):
    def update(self, **_changes: Any) -> NoReturn:
        raise KeptForever(self.model.__name__)


class Kept(models.Model):
    class Meta:
        abstract = True

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise KeptForever(type(self).__name__)
