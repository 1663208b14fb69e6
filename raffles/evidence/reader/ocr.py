"""Text by tesseract, where the package and the program are installed; both may be missing."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
from typing import Any

from PIL import Image

LONGEST_SECONDS = 20
WANTED = ("spa", "por", "eng")


def is_there() -> bool:
    return importlib.util.find_spec("pytesseract") is not None and shutil.which("tesseract") is not None


def text_of(picture: Image.Image) -> str | None:
    """None when it could not be read in time."""
    pytesseract: Any = importlib.import_module("pytesseract")
    try:
        there = set(pytesseract.get_languages(config=""))
        languages = "+".join(one for one in WANTED if one in there) or "eng"
        return str(
            pytesseract.image_to_string(
                picture.convert("L"), lang=languages, config="--psm 4", timeout=LONGEST_SECONDS
            )
        )[:20_000]
    except (RuntimeError, OSError, ValueError):  # its own errors are RuntimeErrors and OSErrors
        return None
