"""What must happen for every code of Meta: written from its documentation, not from whatsapp/reactions.py."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE, HOUR = 60.0, 3600.0


@dataclass(frozen=True, kw_only=True)
class Must:
    """`first`: the seconds until the next try. `tries`: then it is over, and staff hear of it."""

    http: int = 400
    row: str
    first: tuple[float, float] = (0, 0)
    tries: int | None = None
    held: float = 0
    pauses: bool = False
    alerts: bool = False
    template: str = "APPROVED"
    ends_templates: bool = False
    ends_news: bool = False


def again(first: tuple[float, float], http: int = 400, *, tries: int | None = None, held: float = 0) -> Must:
    return Must(http=http, row="QUEUED", first=first, tries=tries, held=held)


def pause(http: int = 400) -> Must:
    return Must(http=http, row="QUEUED", pauses=True, alerts=True)


def drop(http: int = 400, *, alerts: bool = False) -> Must:
    return Must(http=http, row="FAILED", alerts=alerts)


def bad_template(http: int = 400, template: str = "DISABLED") -> Must:
    return Must(http=http, row="WAITING", alerts=True, template=template)


SOON = (1.4, 2.6)
MINUTES = (0.7 * MINUTE, 5 * MINUTE)
MUST: dict[int, Must] = {
    0: pause(401),
    1: again(SOON, tries=3),
    2: again((5 * MINUTE, 15 * MINUTE), 503, held=MINUTE),
    3: pause(500),
    4: again(MINUTES, held=MINUTE),
    10: pause(403),
    33: pause(),
    100: drop(alerts=True),
    190: pause(401),
    **dict.fromkeys((200, 205, 299), pause(403)),
    368: pause(403),
    613: again(MINUTES),
    80007: again(MINUTES, held=MINUTE),
    130429: again((0.7, MINUTE), held=1),
    130472: drop(),
    130497: drop(403, alerts=True),
    131000: again(SOON, 500, tries=4),
    131005: pause(403),
    131008: drop(alerts=True),
    131009: drop(alerts=True),
    131016: again(SOON, 500),
    131020: drop(),
    131021: drop(),
    131026: drop(),
    131030: drop(alerts=True),
    131031: pause(403),
    131037: pause(),
    131041: drop(),
    131042: pause(),
    131044: pause(),
    131045: pause(500),
    131047: Must(row="WAITING"),
    131048: Must(row="QUEUED", first=(HOUR, 4 * HOUR), held=HOUR, alerts=True),
    131049: drop(),
    131050: Must(row="FAILED", ends_news=True),
    131051: drop(alerts=True),
    131052: drop(),
    131053: drop(alerts=True),
    131056: again((0.7, 1.3)),
    131057: again(MINUTES, 500, held=MINUTE),
    131060: drop(),
    131062: again((0.7, 1.3), tries=3),
    131063: drop(alerts=True),
    131064: Must(row="WAITING", alerts=True, ends_templates=True),
    131201: drop(),
    132000: bad_template(),
    132001: bad_template(404, "GONE"),
    132005: bad_template(),
    132007: bad_template(),
    132008: Must(row="WAITING", alerts=True),
    132012: bad_template(),
    132015: bad_template(template="PAUSED"),
    132016: bad_template(),
    132018: Must(row="WAITING", alerts=True),
    132068: drop(alerts=True),
    132069: drop(alerts=True),
    133000: again(SOON, 500),
    133004: again(SOON, 503),
    133010: pause(),
    133016: pause(),
    134011: drop(alerts=True),
    135000: again(SOON, tries=2),
    137000: drop(alerts=True),
    **dict.fromkeys(range(139000, 139005), drop(alerts=True)),
    **dict.fromkeys(range(139100, 139104), drop(alerts=True)),
}
UNKNOWN = 999_999
ODD = {UNKNOWN: drop(alerts=True), 7: drop(alerts=True), 299_000: drop(alerts=True)}
