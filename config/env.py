"""Settings as they arrive from the environment, checked one by one.

Every reader raises `BadSetting` with one line that names the setting, so that a wrong value stops the start
instead of a sale.
"""

from __future__ import annotations

import re
import zoneinfo
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from decouple import UndefinedValueError, config
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
CODE = tuple(ROOT / room for room in ("config", "raffles", "whatsapp"))
# What a development copy uses without being told; each is refused where money moves.
DEVELOPMENT = {
    "SECRET_KEY": "development-only-secret-key-do-not-use-where-money-moves",
    "WHATSAPP_APP_SECRET": "simulator-app-secret",
    "WHATSAPP_VERIFY_TOKEN": "simulator-verify-token",
    "WHATSAPP_ACCESS_TOKEN": "simulator-access-token",
    "WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "200000000000002",
}
WITHOUT_BLANKS = "a comment is a line of its own, and a blank of an address is written %20"
WINDOWS = {"s": 1, "min": 60, "h": 3600, "day": 86_400}


class BadSetting(ImproperlyConfigured):
    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Setting {name}: {why}")


def text(name: str, default: str | None = None) -> str:
    try:
        return str(config(name) if default is None else config(name, default=default)).strip()
    except UndefinedValueError:
        raise BadSetting(name, "is missing; see .env.example") from None
    except UnicodeDecodeError:
        raise BadSetting(name, "cannot be read: .env is not in UTF-8; save it as UTF-8") from None


def own(name: str, *, debug: bool) -> str:
    """A value nobody else may know or share: it has a default in development only."""
    raw = text(name, DEVELOPMENT[name] if debug else None)
    if not raw:
        raise BadSetting(name, "is empty; see .env.example")
    return raw


def own_words(name: str, *, debug: bool) -> tuple[str, ...]:
    """A comma list of such values, so that a new one can be taken up before the old one goes."""
    found = tuple(word.strip() for word in own(name, debug=debug).split(",") if word.strip())
    if not found:
        raise BadSetting(name, "is empty; see .env.example")
    return found


def old_secrets(name: str, *, shortest: int) -> list[str]:
    """A comma list of secrets that were in use before; empty when none was."""
    found = [word.strip() for word in text(name, "").split(",") if word.strip()]
    if any(len(word) < shortest for word in found):
        raise BadSetting(name, f"must be old keys of {shortest} characters or more, with commas between")
    return found


def token(name: str, *, shortest: int) -> str:
    """A secret that may be left out; it travels in a header."""
    raw = text(name, "")
    if raw and not re.fullmatch(rf"[!-~]{{{shortest},}}", raw):
        raise BadSetting(name, f"must be {shortest} or more ASCII characters without spaces, or left out")
    return raw


def some_of(name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """A comma list that may be empty; a misspelt word must not be one that silently means nobody."""
    found = tuple(word.strip() for word in text(name, "").split(",") if word.strip())
    for word in found:
        if word not in allowed:
            raise BadSetting(name, f"{word!r} is none of {', '.join(allowed)}")
    return found


def own_number(name: str, *, debug: bool) -> str:
    raw = own(name, debug=debug)
    if not (raw.isascii() and raw.isdigit()):
        raise BadSetting(name, f"{raw!r} is not an id of digits only")
    return raw


def phone_number(name: str) -> str:
    """As wa.me wants it: country and number, digits only. May be left out."""
    raw = text(name, "")
    if raw and not re.fullmatch(r"[1-9][0-9]{6,14}", raw):
        raise BadSetting(name, f"{raw!r} is not a number with its country, digits only, such as 595981000001")
    return raw


def graph_version(name: str, default: str) -> str:
    raw = text(name, default)
    if not re.fullmatch(r"v\d{2}\.\d", raw):
        raise BadSetting(name, f"{raw!r} is not a Graph API version such as {default}")
    return raw


def flag(name: str, *, default: bool) -> bool:
    raw = text(name, "1" if default else "0").lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off", ""}:
        return False
    raise BadSetting(name, f"{raw!r} is not yes or no (1 or 0)")


def whole_number(name: str, *, default: int, lowest: int, highest: int) -> int:
    raw = text(name, str(default))
    if not (raw.isascii() and raw.isdigit() and lowest <= int(raw) <= highest):
        raise BadSetting(name, f"{raw!r} is not a whole number from {lowest} to {highest}")
    return int(raw)


def rate(name: str, default: str) -> tuple[int, int]:
    """600/min, 15/h or 5000/day, as calls and seconds."""
    raw = text(name, default)
    count, _, window = raw.partition("/")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", count) or window not in WINDOWS:
        raise BadSetting(name, f"{raw!r} is not calls in a time such as 600/min, 15/h or 5000/day")
    return int(count), WINDOWS[window]


def hosts(name: str, default: str) -> list[str]:
    found = [word.strip() for word in text(name, default).split(",") if word.strip()]
    for host in found:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]", host):
            raise BadSetting(name, f"{host!r} is not a host name such as raffles.example")
    return found


def address(name: str, default: str) -> str:
    return _address(name, text(name, default))


def _address(name: str, found: str) -> str:
    raw = found.rstrip("/")
    parts = parts_of(name, raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSetting(name, f"{raw!r} is not an http(s) address such as https://raffles.example")
    return raw


def addresses(name: str, default: str) -> list[str]:
    """A comma list; empty where nothing is asked at all."""
    return [_address(name, each.strip()) for each in text(name, default).split(",") if each.strip()]


def optional_address(name: str) -> str:
    return address(name, "") if text(name, "") else ""


def site_url(name: str, default: str) -> str:
    raw = address(name, default)
    if parts_of(name, raw).path or "?" in raw or "#" in raw:
        raise BadSetting(name, f"{raw!r} is more than a scheme and a host such as https://raffles.example")
    return raw


def parts_of(name: str, raw: str) -> SplitResult:
    if re.search(r"\s", raw):
        raise BadSetting(name, f"has a blank in it: {WITHOUT_BLANKS}")
    try:
        parts = urlsplit(raw)
        _ = parts.port
    except ValueError:
        raise BadSetting(name, "is not an address that can be read") from None
    return parts


def time_zone(name: str, default: str) -> str:
    raw = text(name, default)
    if raw not in zoneinfo.available_timezones():
        raise BadSetting(name, f"{raw!r} is not a time zone such as America/Asuncion")
    return raw


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    raw = text(name, default)
    if raw not in allowed:
        raise BadSetting(name, f"{raw!r} is none of {', '.join(allowed)}")
    return raw


def recorded_rounds(name: str) -> str:
    """A file of drand's answers, one a line; it may be empty still, or left out."""
    path = ROOT / text(name, "")
    if path == ROOT:
        return ""
    try:
        with path.open(encoding="utf-8") as lines:
            first = next((line for line in lines if line.strip()), "{}")
    except OSError as error:
        raise BadSetting(name, f"{path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        first = ""
    if not first.lstrip().startswith("{"):
        raise BadSetting(name, f"{path} does not hold answers of drand, one a line")
    return str(path)


def folder(name: str, default: Path, *, published: Path) -> Path:
    """What is private may be neither in a folder that is published or code, nor around one."""
    raw = text(name, str(default))
    path = ROOT / raw
    if not raw or re.search(r"\s#", raw):
        raise BadSetting(name, f"{raw!r} is not the name of a folder; a comment is a line of its own")
    for other in (published, *CODE):
        if is_within(path, other) or is_within(other, path):
            raise BadSetting(name, f"{path} and {other} must not be in one another: name a folder of its own")
    if path.exists() and not path.is_dir():
        raise BadSetting(name, f"{path} is not a folder")
    return path


def is_within(inner: Path, outer: Path) -> bool:
    return inner.resolve().is_relative_to(outer.resolve())
