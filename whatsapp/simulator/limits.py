"""What Meta refuses before it looks at who is addressed. Pure: a message in, nothing or a refusal out."""

from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

from .interactive_limits import check_interactive
from .refusals import invalid, missing, wrong_parameter
from .required import only_keys, required_object, required_text
from .shapes import Json, units

MEDIA_KEYS: dict[str, tuple[str, ...]] = {
    "image": ("id", "link", "caption"),
    "video": ("id", "link", "caption"),
    "document": ("id", "link", "caption", "filename"),
    "audio": ("id", "link", "voice"),
    "sticker": ("id", "link"),
}


def check_message(body: Json) -> None:
    check_envelope(body)
    kind = body.get("type", "text")
    check = CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        known = ", ".join(sorted(name.upper() for name in CHECKS))
        raise wrong_parameter(f"Param type must be one of {{{known}}} - got {kind!r}.")
    check(required_object(body, kind, ""))


def check_envelope(body: Json) -> None:
    if "messaging_product" not in body:
        raise wrong_parameter("The parameter messaging_product is required.")
    if body["messaging_product"] != "whatsapp":
        raise wrong_parameter("Param messaging_product must be one of {WHATSAPP}.")
    if body.get("recipient_type", "individual") != "individual":
        raise wrong_parameter("Param recipient_type must be one of {INDIVIDUAL}.")
    _check_callback_data(body.get("biz_opaque_callback_data", ""))
    context = body.get("context")
    if context is not None:
        required_text(required_object(body, "context", ""), "message_id", "context")


def _check_callback_data(value: Any) -> None:
    if not isinstance(value, str) or units(value) > 512:
        raise invalid("biz_opaque_callback_data must be a string of at most 512 characters")


def _check_text(text: Json) -> None:
    only_keys(text, ("body", "preview_url"), "text")
    body = required_text(text, "body", "text")
    if not body.strip():
        raise wrong_parameter("The parameter text['body'] is required.")
    if units(body) > 4096:
        raise wrong_parameter("Param text['body'] must be at most 4096 characters long.")
    if not isinstance(text.get("preview_url", False), bool):
        raise wrong_parameter("Param text['preview_url'] must be a boolean.")


def _media_check(kind: str) -> Callable[[Json], None]:
    def check(media: Json) -> None:
        only_keys(media, MEDIA_KEYS[kind], kind)
        check_media_source(media, kind)
        if units(str(media.get("caption", ""))) > 1024:
            raise invalid(f"{kind}['caption'] must be at most 1024 characters long")

    return check


def check_media_source(media: Json, where: str) -> None:
    if ("id" in media) == ("link" in media):
        raise wrong_parameter(f"Exactly one of {where}['id'] and {where}['link'] is required.")
    if "id" in media:
        required_text(media, "id", where)
    elif urlsplit(required_text(media, "link", where)).scheme not in ("http", "https"):
        raise invalid(f"{where}['link'] is not a valid URI")


def _check_reaction(reaction: Json) -> None:
    only_keys(reaction, ("message_id", "emoji"), "reaction")
    required_text(reaction, "message_id", "reaction")
    if not isinstance(reaction.get("emoji"), str):
        raise missing("reaction['emoji'] is required")


def _check_location(location: Json) -> None:
    only_keys(location, ("latitude", "longitude", "name", "address"), "location")
    for axis, limit in (("latitude", 90), ("longitude", 180)):
        try:
            value = float(location[axis])
        except KeyError:
            raise missing(f"location['{axis}'] is required") from None
        except (TypeError, ValueError):
            raise invalid(f"location['{axis}'] must be a number") from None
        if not -limit <= value <= limit:
            raise invalid(f"location['{axis}'] is out of range")


def _check_template(template: Json) -> None:
    only_keys(template, ("name", "language", "components", "namespace"), "template")
    required_text(template, "name", "template")
    required_text(required_object(template, "language", "template"), "code", "template['language']")
    components = template.get("components", [])
    if not isinstance(components, list) or not all(isinstance(part, dict) for part in components):
        raise wrong_parameter("Param template['components'] must be an array of objects.")
    for part in components:
        _one_of(
            part.get("type"),
            ("header", "body", "button", "footer", "carousel"),
            "template['components'][]['type']",
        )


def _one_of(value: Any, allowed: Iterable[str], where: str) -> None:
    if str(value).lower() not in tuple(allowed):
        raise wrong_parameter(f"Param {where} must be one of {{{', '.join(allowed).upper()}}}.")


CHECKS: dict[str, Callable[[Json], None]] = {
    "text": _check_text,
    "interactive": check_interactive,
    "reaction": _check_reaction,
    "location": _check_location,
    "template": _check_template,
    **{kind: _media_check(kind) for kind in MEDIA_KEYS},
}
MEDIA_KINDS: Collection[str] = MEDIA_KEYS.keys()
