from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.people.groups import UnknownRights, make_groups
from config.people.roles import ROLES


class Command(BaseCommand):
    help = (
        f"Make the groups {', '.join(ROLES)} with exactly the rights that docs/operations.md prints; "
        "a second run changes nothing. Example: python manage.py make_groups"
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            synced = make_groups()
        except UnknownRights as error:
            raise CommandError(f"No such rights: {error}. Run `manage.py migrate` first.") from None
        for one in synced:
            for right in one.removed:
                self.stdout.write(
                    f"{one.role}: {right} was taken away; for more rights make a group of your own"
                )
            if one.added:
                self.stdout.write(f"{one.role}: {len(one.added)} rights added")
        if not any(one.added or one.removed for one in synced):
            self.stdout.write("The groups are as they should be; nothing was changed")
