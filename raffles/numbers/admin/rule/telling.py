"""What is different between two versions of a rule, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from raffles.draws.admin.showing import at_home, prize_line
from raffles.sales.admin.showing import NOTHING, money

# Label, before, after.
Line = tuple[str | Promise, str, str]

LABELS: dict[str, Promise] = {
    "title": _("Title"),
    "numbers": _("Numbers"),
    "sales_open_at": _("Sales open"),
    "closes_at": _("Sales close"),
    "draws_at": _("Draw"),
    "time_zone": _("Time zone"),
    "beacon": _("Round of the beacon"),
    "lottery": _("Lottery"),
    "prizes": _("Prizes"),
}


def told_change(before: str, after: str) -> Iterator[Line]:
    """Every part that differs; what has no words of its own is shown as it stands."""
    old, new = json.loads(before), json.loads(after)
    for name in new:
        if old.get(name) != new[name]:
            yield LABELS.get(name, name), _told(name, old), _told(name, new)


def _told(name: str, rule: dict[str, Any]) -> str:
    value = rule.get(name)
    match name:
        case "closes_at" | "draws_at" | "sales_open_at":
            return at_home(datetime.fromisoformat(str(value)), rule["time_zone"])
        case "numbers":
            width = int(rule["numbers"]["width"])
            return "–".join(str(rule["numbers"][end]).zfill(width) for end in ("first", "last"))
        case "prizes":
            return "; ".join(_prize(prize) for prize in rule["prizes"]) or NOTHING
        case "lottery" if value:
            return f"{value['name']}, {value['drawing']}"
        case "beacon" if value:
            return str(rule["beacon"]["round"])
    return str(value)


def _prize(prize: dict[str, Any]) -> str:
    minor, currency = prize["amount_minor"], prize["currency"]
    amount = "" if minor is None else money(int(minor), str(currency))
    return f"{prize['rank']}. {prize_line(prize['label'], prize['quantity'], amount)}"
