"""Pictures that everybody is shown, of raffles and of prizes: which are taken, and how browsers keep them."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from raffles.sales.errors import ProofKindNotAllowed, ProofTooLarge, ProofUnreadable
from raffles.sales.proof_files import LARGEST_PROOF, judged


class PictureField(forms.ImageField):
    """Takes what the public pages can draw. An image library reads many kinds more: they would be taken,
    kept, and seen by nobody."""

    def to_python(self, data: Any) -> Any:
        if isinstance(data, UploadedFile):
            _require_shown_kind(data)
        return super().to_python(data)


def version_of(picture: FieldFile) -> str:
    """For its address: browsers keep a picture for a day, so another one has another address."""
    return hashlib.sha256((picture.name or "").encode()).hexdigest()[:8]


def _require_shown_kind(file: UploadedFile[Any]) -> None:
    if (file.size or 0) > LARGEST_PROOF:
        raise _too_large()
    try:
        kind = judged(file.read())
    except ProofTooLarge:
        raise _too_large() from None
    except (ProofKindNotAllowed, ProofUnreadable):
        kind = None
    file.seek(0)
    if kind is None or kind.picture_format is None:
        raise forms.ValidationError(_("This is no picture that can be shown. Send a JPEG, PNG or WEBP."))


def _too_large() -> forms.ValidationError:
    most = LARGEST_PROOF // 1024**2
    return forms.ValidationError(_("A picture may have at most %(most)d MB.") % {"most": most})
