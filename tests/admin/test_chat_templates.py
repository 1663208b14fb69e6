"""What staff can still say when the 24-hour window is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from raffles.audit.models import AuditEntry, Deed
from tests.admin.chats import make_contact
from tests.admin.conftest import ENGLISH, ClientOf
from tests.admin.pages import page_of, text, told
from tests.factories import NOW, make_order
from whatsapp import switch
from whatsapp.admin.changes import PERSON_BY_TEMPLATE
from whatsapp.messages import BODY_LIMIT as MESSAGE_LIMIT
from whatsapp.messages import words_of
from whatsapp.models import BusinessNumber, Contact, Conversation, MessageTemplate, OutboundMessage
from whatsapp.outbox.claims import claim
from whatsapp.templates.catalogue import definitions
from whatsapp.templates.filling import BODY_LIMIT

ANSWER = "Nos habías escrito y te responde una persona del equipo. Respuesta: "
END = "\nSi tienes alguna pregunta más, responde a este mensaje."


@pytest.fixture(autouse=True)
def approved(db: None) -> None:
    for each in definitions():
        columns = {"name": each.name, "language": each.language, "body": each.body}
        MessageTemplate.objects.create(key=each.key, status="APPROVED", **columns)


@pytest.fixture
def silent(db: None) -> Contact:
    """Who wrote two days ago."""
    return make_contact(last_inbound_at=NOW - timedelta(days=2))


def template(key: str, language: str = "es") -> MessageTemplate:
    return MessageTemplate.objects.get(key=key, language=language)


def address(contact: Contact, key: str = "person_answers", language: str = "es") -> str:
    return reverse("admin:whatsapp_contact_template", args=(contact.pk, template(key, language).pk))


def send(client: Client, contact: Contact, key: str = "person_answers", **given: str) -> Any:
    return client.post(address(contact, key), {"token": str(uuid4()), **given}, follow=True)


def offered(client: Client, contact: Contact) -> list[str]:
    return [each["title"] for each in client.get(page_of(contact)).context["reply"].wordings]


def test_while_the_window_is_open_one_writes_freely_and_is_told_until_when(desk: Client) -> None:
    contact = make_contact(last_inbound_at=NOW - timedelta(hours=1))
    page = desk.get(page_of(contact))
    assert page.context["reply"].window == "Until 11/22/2026 10:50 a.m. you can write freely."
    assert offered(desk, contact) == []
    assert "Leave it waiting" not in text(page)


def test_once_it_is_closed_the_page_says_so_and_offers_what_meta_allows(
    desk: Client, silent: Contact
) -> None:
    page = desk.get(page_of(silent))
    assert "The player last wrote 2 days ago" in page.context["reply"].window
    assert "only these approved messages" in page.context["reply"].window
    assert offered(desk, silent) == ["Answer a question"]
    assert "Leave it waiting" in text(page)
    make_order(player=silent.player)
    assert offered(desk, silent) == ["Answer a question", "Write about an order"]


def test_to_a_player_who_never_wrote_it_is_said_that_way(desk: Client) -> None:
    contact = make_contact(last_inbound_at=None)
    assert desk.get(page_of(contact)).context["reply"].window.startswith("The player has not written yet.")


def nothing_approved() -> None:
    MessageTemplate.objects.update(status="PAUSED")


def another_language() -> None:
    MessageTemplate.objects.filter(language="es").delete()


def templates_stopped() -> None:
    switch.number()
    BusinessNumber.objects.update(templates_paused_at=NOW)


@pytest.mark.parametrize("happens", [nothing_approved, another_language, templates_stopped])
def test_where_no_template_can_leave_none_is_offered_and_why_is_said(
    desk: Client, silent: Contact, happens: Callable[[], None]
) -> None:
    where = address(silent)
    happens()
    assert offered(desk, silent) == []
    assert "nothing can be sent" in desk.get(page_of(silent)).context["reply"].window
    if happens is not another_language:
        page = desk.post(where, {"token": str(uuid4()), "message": "typed already"}, follow=True)
        assert "does not allow this message any more" in told(page)
        assert page.context["writing"]["words"].value() == "typed already"
    assert not OutboundMessage.objects.exists()


def test_notices_of_the_product_are_not_said_by_hand(desk: Client, silent: Contact) -> None:
    """Whoever sent "payment confirmed" by hand would tell of money that nobody has confirmed."""
    make_order(player=silent.player)
    where = address(silent, "order_paid")
    assert (
        desk.get(where).headers["location"] == page_of(silent) if desk.get(where).status_code == 302 else True
    )
    send(desk, silent, "order_paid", code="X")
    assert not OutboundMessage.objects.exists()


def test_what_is_filled_in_leaves_as_the_template_that_was_shown(
    desk: Client, boss: User, silent: Contact
) -> None:
    page = send(desk, silent, message="Ya *llegó*\r\n tu   pago.")
    assert told(page) == f"Sent to {silent}. A person has the chat for 24 hours."
    row = OutboundMessage.objects.get()
    words = "Ya *\u200bllegó*\u200b tu pago."
    assert (row.template_key, row.template_parameters) == ("person_answers", {"message": words})
    assert words_of(row.content) == f"{ANSWER}{words}{END}"
    assert row.dedupe_key.startswith(f"staff:{boss.pk}:")
    assert Conversation.objects.get().person_until == NOW + PERSON_BY_TEMPLATE
    claimed = claim(NOW, 10).rows[0]
    assert claimed.sent_as is not None
    sent = claimed.sent_as["template"]
    assert (sent["name"], sent["language"]["code"]) == (template("person_answers").name, "es")
    assert sent["components"][0]["parameters"][0]["text"] == words
    assert f"{ANSWER}{words}" in desk.get(page_of(silent)).context["chat"].bubbles[0].words


def test_the_player_gets_it_in_their_language(desk: Client, silent: Contact) -> None:
    silent.player.language = "pt-br"
    silent.player.save()
    page = desk.post(
        address(silent, language="pt_BR"), {"token": str(uuid4()), "message": "Chegou."}, follow=True
    )
    assert "Sent to" in told(page)
    assert "uma pessoa da equipe responde" in words_of(OutboundMessage.objects.get().content)


def test_an_order_is_one_of_the_players_own(desk: Client, silent: Contact) -> None:
    own, other = make_order(player=silent.player), make_order()
    page = desk.get(address(silent, "person_about_order"))
    assert [code for code, _title in page.context["form"].fields["code"].choices] == [own.code]
    refused = send(desk, silent, "person_about_order", code=other.code, message="Hola")
    assert "code" in refused.context["form"].errors
    assert not OutboundMessage.objects.exists()
    send(desk, silent, "person_about_order", code=own.code, message="Hola")
    assert OutboundMessage.objects.get().template_parameters == {"code": own.code, "message": "Hola"}


def room() -> int:
    return BODY_LIMIT - len(ANSWER) - len(END)


@pytest.mark.parametrize("words", ["", " \r\n\t ", "a\x00b", "x" * (MESSAGE_LIMIT + 1)])
def test_what_cannot_be_filled_in_is_refused_and_stays_on_the_page(
    desk: Client, silent: Contact, words: str
) -> None:
    page = send(desk, silent, message=words)
    assert page.context["form"].errors
    assert page.context["form"]["message"].value() == words
    assert not OutboundMessage.objects.exists()


def test_what_is_too_long_for_meta_is_counted_and_not_cut(desk: Client, silent: Contact) -> None:
    page = send(desk, silent, message="x" * (room() + 2))
    assert "Too long by 2 characters." in text(page)
    assert not OutboundMessage.objects.exists()
    send(desk, silent, message="x" * room())
    assert words_of(OutboundMessage.objects.get().content) == f"{ANSWER}{'x' * room()}{END}"


def test_the_preview_is_what_would_be_read_and_sends_nothing(desk: Client, silent: Contact) -> None:
    page = desk.post(address(silent), {"token": str(uuid4()), "message": "Ya <b>llegó</b>", "preview": "1"})
    assert 'data-place="message">Ya &lt;b&gt;llegó&lt;/b&gt;</span>' in text(page)
    assert ANSWER in text(page)
    assert not OutboundMessage.objects.exists()


def test_the_preview_is_bold_where_the_phone_is(desk: Client, silent: Contact) -> None:
    code = make_order(player=silent.player).code
    page = text(desk.get(address(silent, "person_about_order")))
    shown = page[page.index('data-testid="preview"') :]
    assert 'sobre tu pedido <span class="chat-place chat-bold" data-place="code">' in shown
    assert '<span class="chat-place" data-place="message">…</span>' in shown
    given = {"token": str(uuid4()), "code": code, "message": "Hola", "preview": "1"}
    assert f'data-place="code">{code}</span>. Mensaje: ' in text(
        desk.post(address(silent, "person_about_order"), given)
    )


def test_a_double_click_sends_once_and_other_words_of_that_page_are_asked_for_again(
    desk: Client, silent: Contact
) -> None:
    token = str(uuid4())
    for _click in range(2):
        assert "Sent to" in told(send(desk, silent, message="Hola", token=token))
    page = send(desk, silent, message="Adiós", token=token)
    assert "nothing was sent now" in text(page)
    assert page.context["form"]["message"].value() == "Adiós"
    assert page.context["form"]["token"].value() != token
    assert OutboundMessage.objects.count() == 1


def test_who_writes_meanwhile_gets_the_same_words_as_a_usual_message(desk: Client, silent: Contact) -> None:
    send(desk, silent, message="Hola")
    Contact.objects.filter(pk=silent.pk).update(last_inbound_at=NOW)
    claimed = claim(NOW, 10).rows[0]
    assert (claimed.sent_as, words_of(claimed.content)) == (None, f"{ANSWER}Hola{END}")


def test_it_needs_the_right_to_answer_and_a_page_of_ours(
    client_of: ClientOf, boss: User, silent: Contact
) -> None:
    viewer = client_of("whatsapp.view_contact", "whatsapp.write_note")
    assert viewer.get(address(silent)).status_code == 403
    assert viewer.post(address(silent), {"message": "Hola", "token": str(uuid4())}).status_code == 403
    stranger = Client(enforce_csrf_checks=True, headers=ENGLISH)
    stranger.force_login(boss)
    assert stranger.post(address(silent), {"message": "Hola"}).status_code == 403
    assert not OutboundMessage.objects.exists()


def test_the_log_tells_who_wrote_and_took_the_chat(desk: Client, silent: Contact) -> None:
    send(desk, silent, message="private words")
    send(desk, silent, message="private words again")
    lines = AuditEntry.objects.filter(action__in=[Deed.MESSAGE_WRITTEN, Deed.CONTACT_CHANGED]).order_by("pk")
    assert [(line.action, line.after) for line in lines] == [
        (Deed.CONTACT_CHANGED, {"change": "take"}),
        (Deed.MESSAGE_WRITTEN, {}),
        (Deed.MESSAGE_WRITTEN, {}),
    ]
    assert "private words" not in str(list(AuditEntry.objects.values()))
