"""The sentences around a sale: menu, help, language, what the bot cannot read."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext

from whatsapp.texts.showing import plain

GREETING_NAME_LIMIT = 30


def menu(name: str) -> str:
    if name:
        return gettext("Hello, %(name)s! What would you like to do?") % {
            "name": plain(name)[:GREETING_NAME_LIMIT]
        }
    return gettext("Hello! What would you like to do?")


def welcome(name: str) -> str:
    return "\n".join(
        (
            menu(name),
            "",
            gettext(
                "_Choose your numbers here, pay by transfer and send us the receipt. It takes two minutes._"
            ),
        )
    )


def not_understood() -> str:
    return gettext(
        "I did not understand that. What would you like to do? To talk to a person, write *agent*."
    )


def you_are_welcome() -> str:
    return gettext("You are welcome! 🙂")


def pardon() -> str:
    """Said before a question that is asked again."""
    return gettext("I did not understand that.")


def raffles_button() -> str:
    return pgettext("button", "Raffles")


def orders_button() -> str:
    return pgettext("button", "My orders")


def help_button() -> str:
    return pgettext("button", "Help")


def menu_button() -> str:
    return pgettext("button", "Menu")


def person_button() -> str:
    return pgettext("button", "A person")


def how_it_works() -> str:
    return "\n".join(
        (
            gettext("*How it works*"),
            gettext("1. Choose a raffle and your numbers, for example *5, 12, 99*, *10-15* or *random 3*."),
            gettext("2. We hold them for you for some minutes."),
            gettext("3. Pay and send a photo or PDF of the receipt here."),
            gettext("4. We check it and tell you that the numbers are yours."),
            "",
            gettext(
                "These words always work: *menu*, *raffles*, *my orders*, *verify*, "
                "*results*, *cancel*, *language*, *agent*, *stop*."
            ),
        )
    )


def which_language() -> str:
    return "¿En qué idioma hablamos?\nEm que idioma falamos?\nWhich language shall we speak?"


def language_changed() -> str:
    return gettext("From now on in English. What would you like to do?")


def news_stopped() -> str:
    return gettext(
        "Done: we will not write to you on our own, except about your own orders. Write *start* to undo it."
    )


def news_resumed() -> str:
    return gettext("Done: you will hear from us again. What would you like to do?")


def person_called() -> str:
    return gettext("A person will read this chat and answer you here. To go on with me, write *menu*.")


def old_button() -> str:
    return gettext("That button belongs to an earlier message. Nothing was changed.")


def cannot_read(kind: str) -> str:
    reasons = {
        "audio": gettext("I cannot listen to voice messages yet. Please write it."),
        "video": gettext("I cannot watch videos. If it is your receipt, please send it as a photo or PDF."),
        "sticker": gettext("Nice sticker! But I only understand words and buttons."),
        "location": gettext("Thank you for the location; I do not need it. Please use the buttons."),
        "contacts": gettext(
            "Thank you for the contact; I cannot do anything with it. Please use the buttons."
        ),
        "order": gettext("We do not sell through the catalogue. You can choose your numbers right here."),
        "edit": gettext("I cannot see changed messages. Please write it again as a new message."),
    }
    return reasons.get(
        kind, gettext("I cannot read that kind of message. Please write it, or use the buttons.")
    )


def no_words() -> str:
    return gettext("I only understand words, numbers and buttons. What would you like to do?")


def too_long() -> str:
    return gettext("That is a lot of text for me. Please tell me in a few words, or use the buttons.")
