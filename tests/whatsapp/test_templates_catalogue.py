"""What Meta demands of a wording, for each wording in each language."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from config.env import ROOT
from whatsapp.messages import BUTTON_TITLE_LIMIT, units
from whatsapp.simulator.approved_templates import FORBIDDEN_IN_PARAMETER
from whatsapp.templates import paper
from whatsapp.templates.catalogue import BUTTON_LABEL_LIMIT, LANGUAGES, Definition, definitions
from whatsapp.templates.filling import BODY_LIMIT, PLACE, filled, fitted
from whatsapp.templates.sending import META_LANGUAGES
from whatsapp.templates.wordings import EXAMPLES, WORDINGS

ALL = list(definitions())
every_wording = pytest.mark.parametrize("ours", ALL, ids=lambda ours: f"{ours.name}-{ours.language}")

# The text that goes with a name for good. A new text wants a new version, and its line here.
FINGERPRINTS = {
    "raffle_order_paid_v1": "23ad83e8fb526a44",
    "raffle_order_paid_surplus_v1": "f18178f4912023b7",
    "raffle_proof_rejected_v1": "6eb8b02bbff5e230",
    "raffle_proof_questioned_v1": "5ce19afeaf5ef729",
    "raffle_order_expired_v1": "f4887a5c69fa67f9",
    "raffle_order_expired_kept_v1": "5df114b452cb15f4",
    "raffle_order_cancelled_v1": "7dd7d4816d3fd2b0",
    "raffle_order_cancelled_kept_v1": "0cfdd10be58f1029",
    "raffle_payment_short_v1": "c4739f800fc91375",
    "raffle_credit_kept_v1": "11a28247f26e0a58",
    "raffle_credit_recorded_v1": "65930cc977d3eb71",
    "raffle_order_refunded_v1": "7975297f004074a3",
    "raffle_refund_due_v1": "5ed70ef3670f5a3f",
    "raffle_refund_made_v1": "d02dbf9ac44d62b7",
    "raffle_refund_dropped_v1": "4c1a80143c0efa70",
    "raffle_draw_won_v2": "e5cbbb2874cb37e6",
    "raffle_draw_not_won_v2": "3d03ca0eb6abda4c",
    "raffle_prize_passed_on_v1": "dcab63bd6be22f92",
    "raffle_prize_lost_v1": "c1ce18e5531a4242",
    "raffle_prize_handed_over_v1": "0f43437ce429334b",
    "raffle_rule_changed_v1": "a0bedbf0bbf2f522",
    "raffle_draw_called_off_v1": "64f76c027715f8b6",
    "raffle_person_about_order_v1": "c4cd15be082d095c",
    "raffle_person_answers_v1": "386d5bd2d6e3102c",
}


@every_wording
def test_a_name_is_one_that_meta_takes(ours: Definition) -> None:
    assert re.fullmatch(r"[a-z0-9_]{1,512}", ours.name)
    assert re.search(r"_v[1-9]\d*$", ours.name)


@every_wording
def test_a_body_begins_and_ends_with_words_and_has_words_between_values(ours: Definition) -> None:
    between = PLACE.split(ours.body)[::2]
    assert all(re.search(r"\w", words) for words in between), between


@every_wording
def test_a_body_has_words_enough_for_its_values(ours: Definition) -> None:
    words = re.findall(r"\w+", PLACE.sub("", ours.body))
    assert len(words) >= 3 * len(ours.parameters)


@every_wording
def test_each_value_has_an_example_and_the_filled_text_fits(ours: Definition) -> None:
    assert ours.parameters
    assert set(ours.parameters) <= set(EXAMPLES[ours.language])
    assert "{{" not in ours.example
    assert units(ours.example) <= BODY_LIMIT


@every_wording
def test_the_longest_values_are_cut_until_the_whole_fits(ours: Definition) -> None:
    values = {name: f"{name} " + "ñ🍀 \n\t     " * 200 for name in ours.parameters}
    shown = fitted(ours.body, values)
    assert units(filled(ours.body, shown)) <= BODY_LIMIT
    assert not any(FORBIDDEN_IN_PARAMETER.search(text) for text in shown.values())
    assert all(text.startswith(name) for name, text in shown.items())


@every_wording
def test_what_a_form_lets_through_loses_nothing_but_the_end_of_the_longest(ours: Definition) -> None:
    """A title of 120 and numbers of 60 labels stay readable beside a reason of 500."""
    longest = {"title": "T" * 120, "numbers": "1234567, " * 60, "reason": "R" * 500, "code": "WWWWWW"}
    values = {name: longest.get(name, EXAMPLES[ours.language][name]) for name in ours.parameters}
    shown = fitted(ours.body, values)
    assert units(filled(ours.body, shown)) <= BODY_LIMIT
    for name in set(values) - {"numbers", "reason"}:
        assert shown[name] == values[name]


def test_a_value_without_a_character_becomes_a_dash() -> None:
    assert fitted("a {{reason}} b", {"reason": " \n "}) == {"reason": "–"}


def test_a_value_that_looks_like_a_place_is_not_filled_in_again() -> None:
    body = "a {{reason}} b {{code}} c"
    assert filled(body, fitted(body, {"reason": "{{code}}", "code": "X"})) == "a {{code}} b X c"


@every_wording
def test_labels_of_quick_replies_fit_the_template_and_the_bubble(ours: Definition) -> None:
    assert len(set(ours.buttons)) == len(ours.buttons)
    limit = min(BUTTON_LABEL_LIMIT, BUTTON_TITLE_LIMIT)
    assert all(0 < units(label) <= limit for label in ours.buttons)


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.key)
def test_all_languages_say_the_same(wording: object) -> None:
    ours = [each for each in ALL if each.key == getattr(wording, "key", "")]
    assert [each.language for each in ours] == list(LANGUAGES)
    assert len({frozenset(each.parameters) for each in ours}) == 1
    assert len({len(each.buttons) for each in ours}) == 1
    assert len({each.body for each in ours}) == len(LANGUAGES)


def test_each_language_of_the_product_has_one_at_meta(settings: object) -> None:
    codes = {code for code, _ in getattr(settings, "LANGUAGES", ())}
    assert set(META_LANGUAGES) == codes
    assert set(META_LANGUAGES.values()) == set(LANGUAGES)


def test_no_text_changes_under_its_name() -> None:
    texts: dict[str, str] = {}
    for each in ALL:
        texts[each.name] = texts.get(each.name, "") + repr((each.language, each.body, each.buttons))
    assert {name: sha256(text.encode()).hexdigest()[:16] for name, text in texts.items()} == FINGERPRINTS


def test_the_document_says_what_the_catalogue_says() -> None:
    document = (ROOT / "docs/templates.md").read_text()
    assert document == paper.rewritten(document)
