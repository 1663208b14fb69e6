"""Who may do what. The groups of the admin are made from this table, and docs/operations.md prints it."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

OPERATOR, ORGANISER, AUDITOR, ADMINISTRATOR = "operator", "organiser", "auditor", "administrator"
PRIZE_OFFICER = "prize officer"
# As staff read them. Groups that they make themselves are called what they call them.
IN_WORDS = {
    OPERATOR: pgettext_lazy("role", "operator"),
    ORGANISER: pgettext_lazy("role", "organiser"),
    PRIZE_OFFICER: pgettext_lazy("role", "prize officer"),
    AUDITOR: pgettext_lazy("role", "auditor"),
    ADMINISTRATOR: pgettext_lazy("role", "administrator"),
}

# Looks, one permission for each list.
OF_SALES = (
    "sales.view_order",
    "sales.view_paymentproof",
    "sales.view_payment",
    "sales.view_refund",
    "sales.view_player",
)
OF_TALK = ("whatsapp.view_contact", "whatsapp.view_inboundevent", "whatsapp.view_outboundmessage")
OF_THE_HOUSE = ("whatsapp.view_businessnumber", "whatsapp.view_messagetemplate")
OF_PEOPLE = ("audit.view_auditentry", "auth.view_user", "auth.view_group")

# Decisions.
ON_PROOFS = ("sales.confirm_payment", "sales.reject_proof", "sales.cancel_order")
ON_CREDIT = ("sales.pay_with_credit", "sales.record_payment", "sales.request_refund")
ON_REFUNDS = ("sales.refund_order", "sales.make_refund", "sales.drop_refund")
ON_NOTES = ("desk.view_staffnotification", "desk.change_staffnotification")
# Who else hears of what waits, and sales that come in as a file.
OF_ALERTS = ("desk.view_destination", "desk.view_digest")
ON_ALERTS = ("desk.add_destination", "desk.change_destination")
ON_PAPER = ("raffles.import_sales",)
# Programs that come in through the API, each with a token that acts for whoever made it.
OF_PROGRAMS = ("api.view_token",)
ON_PROGRAMS = ("api.manage_token",)
# Machines of others that hear of what is sold and paid.
OF_HOOKS = ("hooks.view_subscription", "hooks.view_delivery")
ON_HOOKS = ("hooks.add_subscription", "hooks.change_subscription", "hooks.replay_delivery")
# The orders, credit and chat of one go to another for good: whoever is talked into it gives winnings away.
ON_PLAYERS = ("sales.merge_players",)
# Draws: what is planned and promised, what nobody may forget until then, and who won.
OF_DRAWS = ("draws.view_draw",)
ON_DRAWS = (
    *("draws.change_draw", "draws.change_rule", "draws.decide_entries"),
    *("draws.type_result", "draws.call_off_draw", "draws.issue_minutes"),
)
OF_WINNERS = ("draws.view_award",)
ON_WINNERS = ("draws.hand_over_award", "draws.lose_award")
# What was written of a winner is gone for good: a matter of the law, not of the work with prizes.
OF_PRIVACY = ("draws.forget_winner",)
# What staff tell each other beside a chat; whoever sees the chat reads it.
ON_CHATS = ("whatsapp.write_note",)

ROLES: dict[str, frozenset[str]] = {
    # Looks at proofs and talks to players, of every raffle; changes no raffle and sends no money back.
    OPERATOR: frozenset(
        (
            *OF_SALES,
            "sales.view_creditentry",
            "raffles.view_ticket",
            "raffles.see_every_raffle",
            *OF_TALK,
            "whatsapp.change_contact",
            "whatsapp.change_outboundmessage",
            "whatsapp.view_businessnumber",
            *OF_DRAWS,
            *ON_PROOFS,
            *ON_CREDIT,
            *ON_NOTES,
            *ON_CHATS,
        )
    ),
    # Everything about raffles of their own and their draws, except who won: another hands prizes over.
    # A player's credit may come from others' raffles: not theirs.
    ORGANISER: frozenset(
        (
            *OF_SALES,
            "raffles.view_raffle",
            "raffles.add_raffle",
            "raffles.change_raffle",
            "raffles.view_ticket",
            "whatsapp.view_contact",
            *OF_DRAWS,
            *ON_DRAWS,
            *ON_PROOFS,
            *ON_REFUNDS,
            *ON_NOTES,
            *ON_CHATS,
            *ON_PAPER,
            *OF_HOOKS,
            *ON_HOOKS,
        )
    ),
    # Knows who won, in every raffle, hands prizes over and passes them on; decides about nothing else.
    PRIZE_OFFICER: frozenset(
        (
            "sales.view_order",
            "sales.view_player",
            "raffles.see_every_raffle",
            "whatsapp.view_contact",
            *OF_DRAWS,
            *OF_WINNERS,
            *ON_WINNERS,
            *ON_NOTES,
            *ON_CHATS,
        )
    ),
    # Sees everything, changes nothing.
    AUDITOR: frozenset(
        (
            *OF_SALES,
            "sales.view_creditentry",
            "raffles.view_raffle",
            "raffles.view_ticket",
            "raffles.see_every_raffle",
            *OF_DRAWS,
            *OF_WINNERS,
            *OF_TALK,
            *OF_THE_HOUSE,
            "desk.view_staffnotification",
            *OF_ALERTS,
            *OF_PROGRAMS,
            *OF_HOOKS,
            *OF_PEOPLE,
        )
    ),
    ADMINISTRATOR: frozenset(
        (
            *OF_SALES,
            "sales.change_player",
            *ON_PLAYERS,
            "sales.view_creditentry",
            "raffles.view_raffle",
            "raffles.add_raffle",
            "raffles.change_raffle",
            "raffles.delete_raffle",
            "raffles.view_ticket",
            "raffles.see_every_raffle",
            *OF_TALK,
            "whatsapp.change_contact",
            "whatsapp.change_inboundevent",
            "whatsapp.change_outboundmessage",
            *OF_THE_HOUSE,
            "whatsapp.pause_sending",
            "whatsapp.sync_templates",
            *OF_DRAWS,
            *ON_DRAWS,
            *OF_WINNERS,
            *ON_WINNERS,
            *OF_PRIVACY,
            *ON_PROOFS,
            *ON_CREDIT,
            *ON_REFUNDS,
            *ON_NOTES,
            *ON_CHATS,
            *OF_ALERTS,
            *ON_ALERTS,
            *OF_HOOKS,
            *ON_HOOKS,
            *ON_PAPER,
            *OF_PROGRAMS,
            *ON_PROGRAMS,
            *OF_PEOPLE,
            "auth.add_user",
            "auth.change_user",
        )
    ),
}
