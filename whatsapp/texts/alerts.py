"""What staff read when Meta has told something about the account. Meta's own words stay as they are."""

from __future__ import annotations

from django.utils.translation import gettext


def account(what: str) -> str:
    return gettext("Meta says of the account: %(what)s. See in WhatsApp Manager what it asks for.") % {
        "what": what
    }


def account_stopped(what: str) -> str:
    return gettext(
        "Meta has stopped the account (%(what)s): clear it in Business Support, then resume sending."
    ) % {"what": what}


def warning(what: str) -> str:
    return gettext("Meta warns: %(what)s") % {"what": what}


def review(decision: str) -> str:
    return gettext("Meta's review of the account: %(what)s") % {"what": decision}


def limit(now: str, before: str) -> str:
    return gettext(
        "Players whom we may write to first within a day, as Meta allows it: %(limit)s (before: %(before)s)"
    ) % {"limit": now, "before": before or "–"}


def number_worse(what: str) -> str:
    return gettext("Meta rates our number lower: %(what)s. Players block or report it.") % {"what": what}


def number_name(name: str, what: str) -> str:
    return gettext("Meta on our display name %(name)s: %(what)s") % {"name": name, "what": what}


def pin(what: str) -> str:
    return gettext(
        "The two-step PIN of our number: %(what)s. If that was none of us, sign in to Meta and change it."
    ) % {"what": what}


def template_stopped(template: str, what: str) -> str:
    return gettext(
        "Template %(template)s: %(what)s. While it is not approved its notice waits for the player to write."
    ) % {"template": template, "what": what}


def template_disliked(template: str) -> str:
    return gettext("Template %(template)s: players block or report it, and Meta may pause it.") % {
        "template": template
    }


def template_text(template: str) -> str:
    return gettext("Template %(template)s: its text was changed at Meta.") % {"template": template}


def template_category(template: str, category: str) -> str:
    return gettext("Template %(template)s: its category is %(category)s now, and so are price and reach.") % {
        "template": template,
        "category": category,
    }


def template_category_to_come(template: str, category: str) -> str:
    return gettext(
        "Template %(template)s: Meta will make its category %(category)s within a day. "
        "You may object in WhatsApp Manager."
    ) % {"template": template, "category": category}
