"""What to do about each error code of Meta, whether it came as an answer or as a `failed` status.

Source: docs/whatsapp.md, "What each error code means". Only the code decides: wording and HTTP status change.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext_noop as _

NO_CODE = -1


class Then(Enum):
    """RETRY after a while, DROP for good, PAUSE all sending until a person resumes, WAIT for the player."""

    RETRY = auto()
    DROP = auto()
    PAUSE = auto()
    WAIT = auto()


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """`steps`: the seconds before each further try, the last one repeats. `tries` None: until out of date."""

    then: Then
    steps: tuple[int, ...] = ()
    tries: int | None = None
    hold_seconds: int = 0  # the whole number keeps still for so long
    advice: str = ""  # staff are told; empty: nobody is disturbed
    stops_template: bool = False
    stops_all_templates: bool = False
    stops_news: bool = False
    closes_window: bool = False  # Meta's 24 hours are over, whatever our clock says
    by_phone: bool = False  # the next try goes to the phone number


USUAL_STEPS = (2, 8, 30, 120, 600)
QUICK_STEPS = (1, 4, 15, 60)
PAIR_STEPS = (1, 4, 16, 64, 256)
MINUTE_STEPS = (60, 120, 300, 600)
HOURS = 3600


def _retry(
    steps: tuple[int, ...] = USUAL_STEPS, tries: int | None = None, *, hold: int = 0, advice: str = ""
) -> Reaction:
    return Reaction(then=Then.RETRY, steps=steps, tries=tries, hold_seconds=hold, advice=advice)


def _drop(advice: str = "") -> Reaction:
    return Reaction(then=Then.DROP, advice=advice)


def _pause(advice: str) -> Reaction:
    return Reaction(then=Then.PAUSE, steps=(1,), advice=advice)


def _stop_template(advice: str) -> Reaction:
    return Reaction(then=Then.WAIT, advice=advice, stops_template=True)


OUR_MISTAKE = _("Meta refuses a message as malformed, a defect of this product: look at it and report it.")
NO_FLOWS = _("Meta refuses a flow, which this product does not send: report it.")
NO_PAYMENTS = _("Meta asks for the terms of WhatsApp payments, which this product does not use: report it.")
NO_BLOCKS = _("Meta refuses to block or unblock somebody, which this product does not ask for: report it.")
BAD_KEY = _("Meta does not accept the access token: put in a new one, restart, then resume sending.")
RIGHTS = _("The access token lacks rights: give its system user the messaging right, then resume sending.")
GONE = _("Meta does not know the number's id: check WHATSAPP_PHONE_NUMBER_ID, then resume sending.")
POLICY = _("Meta has blocked the account for its policy: open Business Support, then resume sending.")
BILLING = _("Meta asks for a valid payment method: mend it in its billing hub, then resume sending.")
REGISTER = _("The number is not registered: register it with its PIN, then resume sending.")
TOO_MANY_REGISTRATIONS = _("Meta allows ten registrations in 72 hours: wait, register, then resume sending.")
NAME = _("The display name is not approved: mend it in WhatsApp Manager, then resume sending.")
SPAM = _("Players blocked or reported the number, and Meta slows it down: sending rests for hours.")
TEMPLATE_TEXT = _("Meta refuses a template's text: its notices wait until the player writes. Mend it.")
TEMPLATE_VALUE = _("Meta refuses what one notice fills into its template: it waits until the player writes.")
TEMPLATE_OFF = _("A template is not approved or was stopped: its notices wait until the player writes.")
TEMPLATES_OFF = _(
    "Meta limits all templates for a wrong category: none is sent until staff allow them again."
)
ADDRESS = _("Meta refuses a player's WhatsApp id and no phone is known: reach the player by another way.")
COUNTRY = _("This number may not write to a player's country: reach the player by another way.")
MARKETING = _("Marketing templates are disabled for this number: use the utility templates.")
TEST_NUMBER = _("A test number writes to its five listed recipients only: add the player's number at Meta.")
IDENTITY = _("A player's identity key has changed: ask who they are before you send again.")
FAILED_OFTEN = _("Meta failed again and again on one message: look at it and send it again.")
UNKNOWN_CODE = _("Meta refuses a message with an unknown code: look at it and report the code.")

TABLE: dict[int, Reaction] = {
    0: _pause(BAD_KEY),
    1: _retry(tries=3, advice=OUR_MISTAKE),
    2: _retry((430, 900), hold=60),  # five minutes at least, whatever chance takes off
    3: _pause(RIGHTS),
    4: _retry(MINUTE_STEPS, hold=60),
    10: _pause(RIGHTS),
    33: _pause(GONE),
    100: _drop(OUR_MISTAKE),
    190: _pause(BAD_KEY),
    **dict.fromkeys(range(200, 300), _pause(RIGHTS)),
    368: _pause(POLICY),
    613: _retry(MINUTE_STEPS),
    80007: _retry(MINUTE_STEPS, hold=60),
    130429: _retry(QUICK_STEPS, hold=2),
    130472: _drop(),
    130497: _drop(COUNTRY),
    131000: _retry(tries=4, advice=FAILED_OFTEN),
    131005: _pause(RIGHTS),
    131008: _drop(OUR_MISTAKE),
    131009: _drop(OUR_MISTAKE),
    131016: _retry(),
    131020: _drop(),
    131021: _drop(),
    131026: _drop(),
    131030: _drop(TEST_NUMBER),
    131031: _pause(POLICY),
    131037: _pause(NAME),
    131041: _drop(),
    131042: _pause(BILLING),
    131044: _pause(BILLING),
    131045: _pause(REGISTER),
    131047: Reaction(then=Then.WAIT, closes_window=True),
    131048: _retry((2 * HOURS,), hold=2 * HOURS, advice=SPAM),
    131049: _drop(),
    131050: Reaction(then=Then.DROP, stops_news=True),
    131051: _drop(OUR_MISTAKE),
    131052: _drop(),
    131053: _drop(OUR_MISTAKE),
    131056: _retry(PAIR_STEPS),
    131057: _retry(MINUTE_STEPS, hold=60),
    131060: _drop(),
    131062: Reaction(then=Then.RETRY, steps=(1,), tries=3, by_phone=True, advice=ADDRESS),
    131063: _drop(MARKETING),
    131064: Reaction(then=Then.WAIT, advice=TEMPLATES_OFF, stops_all_templates=True),
    **dict.fromkeys(range(131200, 131300), _drop()),  # groups
    132000: _stop_template(TEMPLATE_TEXT),
    132001: _stop_template(TEMPLATE_OFF),
    132005: _stop_template(TEMPLATE_TEXT),
    132007: _stop_template(TEMPLATE_TEXT),
    132008: Reaction(then=Then.WAIT, advice=TEMPLATE_VALUE),
    132012: _stop_template(TEMPLATE_TEXT),
    132015: _stop_template(TEMPLATE_OFF),
    132016: _stop_template(TEMPLATE_OFF),
    132018: Reaction(then=Then.WAIT, advice=TEMPLATE_VALUE),
    132068: _drop(NO_FLOWS),
    132069: _drop(NO_FLOWS),
    133000: _retry(),
    133004: _retry(),
    133010: _pause(REGISTER),
    133016: _pause(TOO_MANY_REGISTRATIONS),
    134011: _drop(NO_PAYMENTS),
    135000: _retry(tries=2, advice=OUR_MISTAKE),
    137000: _drop(IDENTITY),
    **dict.fromkeys(range(139000, 139005), _drop(NO_FLOWS)),
    **dict.fromkeys(range(139100, 139104), _drop(NO_BLOCKS)),
}
# No answer that could be read: the network, a proxy, or Meta itself.
NO_ANSWER = _retry()
META_FAILED = _retry(tries=6, advice=FAILED_OFTEN)
UNKNOWN = _drop(UNKNOWN_CODE)


def reaction_to(code: int, http_status: int = 400) -> Reaction:
    if code == NO_CODE:
        return NO_ANSWER
    return TABLE.get(code) or (META_FAILED if http_status >= 500 else UNKNOWN)
