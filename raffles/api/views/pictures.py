"""Pictures of raffles and of prizes: what everybody sees of them, put on and taken off."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from raffles.api.serializing import Strict
from raffles.api.views.order_fields import given
from raffles.draws.models import Prize
from raffles.numbers.models import Raffle
from raffles.sales.picture_files import PictureField, version_of

SHOWN = {"type": ["string", "null"], "format": "uri"}


class PictureSent(Strict):
    """The same check as in the admin."""

    picture = serializers.ImageField(_DjangoImageField=PictureField)


FORM = {"multipart/form-data": PictureSent}


def sent_picture(request: Request) -> Any:
    return given(PictureSent, request.data)["picture"]


class PictureShown(serializers.Field[Any, Any, Any, Any]):
    """Its public address, or null. Another picture has another one: what was read may be kept."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True, help_text="A JPEG for everybody, once it is published.")

    def to_representation(self, row: Raffle | Prize) -> str | None:
        file, path = _of_raffle(row) if isinstance(row, Raffle) else _of_prize(row)
        if not file:
            return None
        return f"{settings.SITE_URL}{path}?v={version_of(file)}"


extend_schema_field(SHOWN)(PictureShown)


def _of_raffle(raffle: Raffle) -> tuple[FieldFile, str]:
    return raffle.image, reverse("pages:picture", args=[raffle.code])


def _of_prize(prize: Prize) -> tuple[FieldFile, str]:
    return prize.picture, reverse("pages:prize_picture", args=[prize.draw.code, prize.rank])
