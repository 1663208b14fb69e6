"""What the browser needs to check a draw by itself: which beacons it may trust, whatever the proof says."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from raffles.draws.beacon import DEMO, QUICKNET, Chain


def trusted_chains() -> list[dict[str, Any]]:
    return [_chain(chain) for chain in ((QUICKNET, DEMO) if settings.SIMULATOR else (QUICKNET,))]


def check_words() -> dict[str, Any]:
    """What the script says while it checks and when it has."""
    return {
        "busy": gettext("Computing… this takes a few seconds."),
        "good": gettext("Everything fits: the winners follow from what was published."),
        "sofar": gettext("What is published so far fits together. The rest is still to come."),
        "bad": gettext("Something does not fit. Do not trust this result before it is explained."),
        "failed": gettext("It could not be checked here. Try verify_draw.py."),
        "wrong": gettext("does not fit"),
        "expected": gettext("expected"),
        "found": gettext("found"),
        "careful": gettext("Read what is said below all the same."),
        "cautions": _cautions(),
        "notes": _notes(),
        "checks": _checks(),
    }


def receipt_words() -> dict[str, Any]:
    return check_words() | {
        "good": gettext("This receipt is right: your number stands in the published list."),
        "checks": {
            "format": gettext("The receipt has the published form"),
            "mark": gettext("The mark belongs to your number and your order"),
            "path": gettext("From the mark the way leads to the root"),
            "published": gettext("The published list has the same root and the same mark"),
        },
    }


def _cautions() -> dict[str, str]:
    """By the names that verify_draw.js gives them, with the facts it fills in."""
    return {
        "demo": gettext(
            "This beacon is one for trying: its key is public, and a result of it is worth nothing."
        ),
        "late": gettext(
            "The entries were frozen too late for the draw as it was promised (%(draws_at)s): what decides "
            "counts from %(base)s on. When they were frozen is the organiser's own word, and whoever could "
            "choose it could steer the result. Ask when the root was announced."
        ),
        "put-off": gettext(
            "The entries missed the drawing of %(draws_at)s, and a later one counts. Its results were known, "
            "and whoever kept the entries from being frozen could choose."
        ),
        "secret-lost": gettext(
            "The secret is said to be lost. Nothing proves it: whoever had it all the same knew the result "
            "that it gave, and could choose between that and this one."
        ),
        "beacon-missing": gettext(
            "The beacon is said to be missing, so the secret alone decides: whoever knew it knew the result "
            "as soon as the entries were frozen, and whoever runs the server can keep the beacon away. Look "
            "whether round %(round)s of the beacon is there: %(address)s"
        ),
        "ended": gettext("It was called off after the instant of the draw, when the result could be known."),
    }


def _notes() -> dict[str, str]:
    """What no computation can say, by the names of verify_draw.js."""
    return {
        "secret": gettext(
            "Only the organiser's secret decided: whoever knew it could steer by what was sold last."
        ),
        "lottery": gettext("Compare with the official results of %(name)s, %(drawing)s: %(results)s"),
        "barrel": gettext("Only the witnesses can say what came out: %(witnesses)s"),
    }


def _checks() -> dict[str, str]:
    """By the names that verify_draw.js gives its checks."""
    return {
        "format": gettext("The document has the published form"),
        "status": gettext("What is published fits how far the draw is"),
        "rule-digests": gettext("Every version of the rule has its digest"),
        "rule": gettext("The rule is complete"),
        "rule-changes": gettext("Every change of the rule has its reason and came in time"),
        "entries": gettext("The list of paid numbers is in order, and none stands there twice"),
        "root": gettext("The root is that of the list"),
        "secret": gettext("The secret keeps to the hash that was promised"),
        "round": gettext("The round of the beacon follows from the rule"),
        "beacon": gettext("The beacon is a known one, and its signature is genuine"),
        "lottery": gettext("The results of the lottery are complete"),
        "barrel": gettext("What was drawn by hand is complete"),
        "times": gettext("Nothing happened before its time"),
        "seed": gettext("The seed follows from rule, root, secret and beacon"),
        "sequence": gettext("The drawn numbers follow from what decides"),
        "prizes": gettext("Each prize went to the number whose turn it was"),
        "reserves": gettext("The reserves are those that were drawn next"),
        "called-off": gettext("It was called off, and the reason is public"),
    }


def _chain(chain: Chain) -> dict[str, Any]:
    return {
        "name": chain.name,
        "hash": chain.hash,
        "public_key": chain.public_key,
        "genesis": chain.genesis,
        "period": chain.period,
        "scheme": chain.scheme,
    }
