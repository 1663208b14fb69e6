from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from config.people.roles import ROLES


class UnknownRights(LookupError):
    """The table names what no room has: a misspelling, or the tables of the room are not made yet."""


@dataclass(frozen=True)
class Synced:
    role: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


def make_groups() -> list[Synced]:
    """Each group has exactly the rights of the table; what staff had added by hand is taken away and told."""
    with transaction.atomic():
        known = rights_by_name({name for names in ROLES.values() for name in names})
        return [_sync(role, names, known) for role, names in ROLES.items()]


def rights_by_name(names: Collection[str]) -> dict[str, Permission]:
    rows = Permission.objects.select_related("content_type")
    found = {name: row for row in rows if (name := name_of(row)) in names}
    if missing := set(names) - set(found):
        raise UnknownRights(", ".join(sorted(missing)))
    return found


def name_of(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def _sync(role: str, names: Iterable[str], known: dict[str, Permission]) -> Synced:
    group = Group.objects.get_or_create(name=role)[0]
    wanted = set(names)
    has = {name_of(row): row for row in group.permissions.select_related("content_type")}
    added, removed = sorted(wanted - set(has)), sorted(set(has) - wanted)
    group.permissions.add(*(known[name] for name in added))
    group.permissions.remove(*(has[name] for name in removed))
    return Synced(role, tuple(added), tuple(removed))
