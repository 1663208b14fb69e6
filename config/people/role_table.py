"""What each role may do, as docs/operations.md prints it: the pages of every list, then the decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import override

from config.people.roles import ROLES

NO, YES = "–", "yes"
BEGIN, END = "<!-- roles -->\n", "<!-- end of roles -->\n"
OWN_APPS = ("api", "audit", "auth", "desk", "draws", "evidence", "hooks", "raffles", "sales", "whatsapp")


@dataclass(frozen=True)
class Holder:
    """Somebody with the rights of one role and no other."""

    rights: Collection[str]
    pk: int = 0
    is_active: bool = True
    is_staff: bool = True
    is_superuser: bool = False

    def has_perm(self, name: str, _row: object = None) -> bool:
        return name in self.rights


def shown_models() -> list[type[Model]]:
    found = [model for model in admin.site._registry if model._meta.app_label in OWN_APPS]
    return sorted(found, key=lambda model: model._meta.label_lower)


def pages_of(model: type[Model], rights: Collection[str]) -> str:
    """`see`, `change`, `add` and `delete`, or a dash for no page at all."""
    page = admin.site._registry[model]
    request = cast(HttpRequest, SimpleNamespace(user=Holder(rights), GET={}, POST={}, method="GET"))
    may = {
        "see": page.has_view_permission(request),
        "change": page.has_change_permission(request),
        "add": page.has_add_permission(request),
        "delete": page.has_delete_permission(request),
    }
    return ", ".join(word for word, is_allowed in may.items() if is_allowed) or NO


def decisions() -> list[str]:
    """Rights that are no page of a list: somebody decides with them."""
    plain = ("view_", "change_", "add_", "delete_")
    named = {name for names in ROLES.values() for name in names}
    return sorted(name for name in named if not name.partition(".")[2].startswith(plain))


def lines() -> Iterator[str]:
    yield "| list | " + " | ".join(ROLES) + " |"
    yield "|---|" + "---|" * len(ROLES)
    for model in shown_models():
        cells = [pages_of(model, rights) for rights in ROLES.values()]
        yield f"| `{model._meta.label}` | " + " | ".join(cells) + " |"
    yield ""
    yield "| decision | " + " | ".join(ROLES) + " |"
    yield "|---|" + "---|" * len(ROLES)
    for name in decisions():
        yield f"| `{name}` | " + " | ".join(YES if name in rights else NO for rights in ROLES.values()) + " |"


def role_table() -> str:
    with override("en"):
        return "\n".join(lines()) + "\n"


def guide() -> Path:
    return Path(settings.BASE_DIR) / "docs" / "operations.md"


def printed(text: str) -> str:
    """The guide's text with the table of today in it."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise LookupError(BEGIN)
    return f"{before}{begin}{role_table()}{end}{after}"


def rows_printed(text: str) -> dict[str, dict[str, str]]:
    """What the guide says of each list and decision, by role."""
    table = text.partition(BEGIN)[2].partition(END)[0]
    found: dict[str, dict[str, Any]] = {}
    for line in table.splitlines():
        name, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        if name.startswith("`"):
            found[name.strip("`")] = dict(zip(ROLES, cells, strict=True))
    return found
