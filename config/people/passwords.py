from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now

# What a password must be besides the name of its user; as much as any password must be long.
FEWEST_BESIDES = 8
SHORTEST_NAME = 3


class NotTheNameWithALittleMore:
    """Django measures how alike they are, and takes `ana12345` for unlike `ana`."""

    def validate(self, password: str, user: Any = None) -> None:
        name = "" if user is None else str(user.get_username()).casefold()
        said = password.casefold()
        if len(name) < SHORTEST_NAME or name not in said:
            return
        if len(said.replace(name, "")) < FEWEST_BESIDES:
            raise ValidationError(self.get_help_text(), code="password_is_name")

    def get_help_text(self) -> str:
        return _now("The password must not be the user name with a few more characters.")
