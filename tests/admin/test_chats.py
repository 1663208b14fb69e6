from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from raffles.desk.models import StaffNotification
from raffles.numbers.models import Ticket
from raffles.sales.models import Order
from tests.admin.chats import make_contact, photographed, received, said, sent
from tests.admin.conftest import ClientOf
from tests.admin.pages import list_of, listed, page_of, run_action, status_of, text, told
from tests.factories import NOW, make_order
from whatsapp.models import Contact, Conversation, InboundEvent, OutboundMessage
from whatsapp.texts.showing import plain


def test_the_chat_shows_both_sides_in_order_with_how_each_message_fared(desk: Client) -> None:
    contact = make_contact()
    said(contact, "hola <b>")
    sent(contact, "Menu?", "Raffles", "Help", status="READ")
    received(
        contact,
        {
            "type": "interactive",
            "interactive": {"type": "button_reply", "button_reply": {"id": "a", "title": "Help"}},
        },
    )
    sent(contact, "How it works", status="DELIVERED")
    picture = photographed(contact)
    sent(contact, "Under review", status="SENT")
    received(contact, {"type": "sticker", "sticker": {}})
    sent(contact, "Paid", status="FAILED", error_code=131026, error="Message undeliverable")

    page = text(desk.get(page_of(contact)))

    chat = page[page.index("desk-chat") :]
    newest_first = [
        "131026 Message undeliverable",
        "sent what the bot cannot read: sticker",
        "✓ sent",
        page_of(picture, "file"),
        "✓✓ delivered",
        "pressed a button",
        "✓✓ read",
        "<span>Raffles</span><span>Help</span>",
        "hola &lt;b&gt;",
    ]
    places = [chat.index(words) for words in newest_first if words != "<span>Raffles</span><span>Help</span>"]
    assert places == sorted(places)
    assert "<span>Raffles</span><span>Help</span>" in chat


def test_questions_and_answers_of_one_second_stand_as_they_were_said(desk: Client) -> None:
    contact = make_contact()
    for number in (1, 2, 3):
        question = said(contact, f"question {number}.", happened_at=NOW, received_at=NOW, done_at=NOW)
        sent(contact, f"answer {number}.", created_at=NOW, answers=question)
    page = text(desk.get(page_of(contact)))
    found = re.findall(r"(?:question|answer) \d\.", page)
    assert found == [f"{kind} {number}." for number in (3, 2, 1) for kind in ("answer", "question")]


def test_bold_and_italic_look_as_on_the_phone_and_markup_stays_text(desk: Client) -> None:
    contact = make_contact()
    sent(contact, f"*Held* for _you_: {plain('*<b>free</b>*')}, 2*3*4")
    page = text(desk.get(page_of(contact)))
    assert "<b>Held</b> for <i>you</i>: *\u200b&lt;b&gt;free&lt;/b&gt;*\u200b, 2*3*4" in page


def test_a_long_chat_is_read_page_by_page_without_a_gap(desk: Client) -> None:
    contact = make_contact()
    for number in range(130):
        said(contact, f"question {number}.")
        sent(contact, f"answer {number}.")
    pages = [text(desk.get(page_of(contact), {"page": str(number)})) for number in (1, 2, 3)]
    found = [re.findall(r"(?:question|answer) \d+\.", page) for page in pages]
    assert [len(words) for words in found] == [100, 100, 60]
    assert len({words for page in found for words in page}) == 260
    assert "Older messages" not in pages[2]
    for odd in ("0", "-1", "x", "99", "٣"):
        assert desk.get(page_of(contact), {"page": odd}).status_code == 200


def test_the_page_tells_state_memory_window_and_address(desk: Client) -> None:
    contact = make_contact(username="bruno_d", last_inbound_at=NOW - timedelta(hours=1))
    page = text(desk.get(page_of(contact)))
    told = ("To pay, or the payment is being checked", "order: ABC234", "open until", "bruno_d")
    for words in (*told, contact.address, str(contact.bsuid)):
        assert words in page, words
    silent = make_contact(last_inbound_at=None, wa_id="")
    assert "closed: must write first" in text(desk.get(page_of(silent)))


def test_going_back_to_the_menu_forgets_the_talk_and_releases_nothing(desk: Client) -> None:
    contact, other = make_contact(), make_contact()
    order = make_order(player=contact.player, status="PENDING_PAYMENT")
    run_action(desk, Contact, "reset_conversation", [contact])
    conversation = Conversation.objects.get(contact=contact)
    assert (conversation.state, conversation.data) == ("MENU", {})
    assert Conversation.objects.get(contact=other).state == "PAYMENT"
    assert status_of(order) == "PENDING_PAYMENT"
    assert set(Ticket.objects.filter(order=order).values_list("status", flat=True)) == {"RESERVED"}
    desk.post(page_of(other, "reset"))
    assert Conversation.objects.get(contact=other).state == "MENU"


def test_contacts_are_blocked_and_unblocked(desk: Client) -> None:
    contact, blocked = make_contact(), make_contact(blocked_at=NOW - timedelta(days=1))
    assert told(run_action(desk, Contact, "block_contacts", [contact, blocked])) == "Block: 1"
    blocked.refresh_from_db()
    assert blocked.blocked_at == NOW - timedelta(days=1)
    assert listed(desk, Contact, blocked_at__isempty="0") == {contact.pk, blocked.pk}
    run_action(desk, Contact, "unblock_contacts", [contact, blocked])
    assert not Contact.objects.exclude(blocked_at=None).exists()
    assert {change["name"] for change in desk.get(page_of(contact)).context["changes"]} == {
        "take",
        "reset",
        "mute",
        "block",
    }
    desk.post(page_of(contact, "block"))
    assert {change["name"] for change in desk.get(page_of(contact)).context["changes"]} == {
        "take",
        "reset",
        "mute",
        "unblock",
    }


def test_language_and_staff_alerts_can_be_set_and_nothing_else(desk: Client) -> None:
    contact = make_contact()
    before = Contact.objects.values().get(pk=contact.pk)
    desk.post(page_of(contact), {"language": "en", "receives_staff_alerts": "on", "bsuid": "X", "wa_id": "1"})
    contact = Contact.objects.select_related("player").get(pk=contact.pk)
    assert contact.player.language == "en"
    assert contact.has_chosen_language
    after = Contact.objects.values().get(pk=contact.pk)
    assert after == before | {"receives_staff_alerts": True, "has_chosen_language": True}


@pytest.mark.parametrize("change", ["take", "give_back", "reset", "mute", "unmute", "block", "unblock"])
def test_changing_a_contact_needs_permission_and_a_post(
    client_of: ClientOf, desk: Client, change: str
) -> None:
    contact = make_contact()
    viewer = client_of("whatsapp.view_contact")
    assert viewer.get(page_of(contact)).status_code == 200
    assert viewer.post(page_of(contact, change)).status_code == 403
    before = Contact.objects.values().get()
    assert desk.get(page_of(contact, change)).headers["location"] == page_of(contact)
    assert Contact.objects.values().get() == before
    assert desk.post(page_of(Contact(pk=999), change)).status_code == 404
    assert Conversation.objects.get().state == "PAYMENT"


def test_a_contact_is_found_by_phone_id_and_name(desk: Client) -> None:
    contact = make_contact(wa_id="595981777888", bsuid="BR.55", username="bruno_d", profile_name="Bruno")
    make_contact(wa_id="", bsuid="BR.56", username="zoe", profile_name="Zoe")
    for words in ("595981777888", "+595 981 777888", "BR.55", "@bruno_d", "Bruno"):
        assert listed(desk, Contact, q=words) == {contact.pk}, words


def test_contacts_are_filtered_by_window_and_state(desk: Client) -> None:
    open_now, closed = make_contact(), make_contact(last_inbound_at=NOW - timedelta(days=2))
    never = make_contact(last_inbound_at=None)
    assert listed(desk, Contact, window="open") == {open_now.pk}
    assert listed(desk, Contact, window="closed") == {closed.pk, never.pk}
    assert len(listed(desk, Contact, conversation__state="PAYMENT")) == 3


def test_what_failed_is_sent_again_and_the_rest_is_left_alone(desk: Client) -> None:
    contact = make_contact()
    failed = sent(
        contact, "a", status="FAILED", attempts=12, wamid="w1", error_code=1, error="x", failed_at=NOW
    )
    expired = sent(contact, "b", status="FAILED", not_after=NOW - timedelta(days=1))
    arrived = sent(contact, "c", status="READ")
    response = run_action(desk, OutboundMessage, "send_again", [failed, expired, arrived])
    assert told(response) == "2 queued again; 1 had not failed"
    for message in (failed, expired):
        message.refresh_from_db()
        assert (message.status, message.attempts, message.error_code) == ("QUEUED", 0, None)
        assert (message.error, message.not_after, message.wamid) == ("", None, None)
    arrived.refresh_from_db()
    assert arrived.status == "READ"


def test_events_that_failed_are_taken_again(desk: Client) -> None:
    contact = make_contact()
    failed = said(contact, "hola", status="FAILED", attempts=5, error="ValueError", done_at=NOW)
    done = said(contact, "hola")
    response = run_action(desk, InboundEvent, "take_again", [failed, done])
    assert told(response) == "1 taken again; 1 had not failed"
    failed.refresh_from_db()
    assert (failed.status, failed.attempts, failed.error, failed.done_at) == ("NEW", 0, "", None)
    done.refresh_from_db()
    assert done.status == "DONE"


def test_sending_and_taking_again_need_permission(client_of: ClientOf) -> None:
    contact = make_contact()
    message, event = sent(contact, "a", status="FAILED"), said(contact, "b", status="FAILED")
    viewer = client_of("whatsapp.view_outboundmessage", "whatsapp.view_inboundevent")
    run_action(viewer, OutboundMessage, "send_again", [message])
    run_action(viewer, InboundEvent, "take_again", [event])
    message.refresh_from_db()
    event.refresh_from_db()
    assert (message.status, event.status) == ("FAILED", "FAILED")


def test_a_message_shows_its_words_fate_and_json(desk: Client) -> None:
    contact = make_contact()
    message = sent(
        contact, "Menu?", "Raffles", status="FAILED", error_code=131026, error="Message undeliverable"
    )
    page = text(desk.get(page_of(message)))
    for words in ("Menu?", "Raffles", "131026 Message undeliverable", "&quot;interactive&quot;"):
        assert words in page, words
    event = said(contact, "hola")
    assert "hola" in text(desk.get(page_of(event)))
    status = InboundEvent.objects.create(
        event_key="s",
        kind="STATUS",
        field="messages",
        payload={"status": "sent"},
        happened_at=NOW,
        received_at=NOW,
    )
    assert desk.get(page_of(status)).status_code == 200


def test_notifications_are_marked_as_seen_once(desk: Client, client_of: ClientOf) -> None:
    order = make_order(status="UNDER_REVIEW")
    note = StaffNotification.objects.get()
    assert listed(desk, StaffNotification, seen="no") == {note.pk}
    viewer = client_of("desk.view_staffnotification")
    run_action(viewer, StaffNotification, "mark_as_seen", [note])
    assert listed(desk, StaffNotification, seen="yes") == set()
    assert told(run_action(desk, StaffNotification, "mark_as_seen", [note])) == "1 marked as seen"
    assert told(run_action(desk, StaffNotification, "mark_as_seen", [note])) == "0 marked as seen"
    note.refresh_from_db()
    assert note.seen_at == NOW
    page = text(desk.get(list_of(StaffNotification)))
    assert page_of(order) in page
    assert Order.objects.count() == 1
