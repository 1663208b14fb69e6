from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from raffles.audit.models import AuditEntry, Deed
from raffles.audit.recording import record
from raffles.desk.models import Destination
from raffles.numbers.models import Raffle
from raffles.sales.models import Order, Player
from tests.admin.chats import make_contact, photographed, said, sent
from tests.admin.conftest import ClientOf
from tests.admin.pages import decide, fetch, list_of, listed, page_of, run_action, text
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle, make_staff
from whatsapp.models import InboundEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "own_files")]


def newest(deed: str) -> AuditEntry:
    return AuditEntry.objects.filter(action=deed).latest("pk")


def raffle_form(raffle: Raffle, **changes: str) -> dict[str, Any]:
    page = Client()
    page.force_login(User.objects.get(username="boss"))
    form = page.get(page_of(raffle)).context["adminform"].form
    given: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if hasattr(field.widget, "decompress"):
            given[f"{name}_0"], given[f"{name}_1"] = [str(part) for part in field.widget.decompress(value)]
        elif value not in (None, "") and name != "image":
            given[name] = value
    return given | changes


def test_a_changed_raffle_is_told_field_by_field(desk: Client) -> None:
    raffle = make_raffle(title="A motorbike")
    answer = desk.post(page_of(raffle), raffle_form(raffle, title="A bicycle"))
    assert answer.status_code == 302, answer.context["errors"]
    line = newest(Deed.RAFFLE_CHANGED)
    assert (line.before, line.after) == ({"title": "A motorbike"}, {"title": "A bicycle"})
    assert (line.user and line.user.username, line.subject_label) == ("boss", raffle.code)


def test_a_raffle_that_is_opened_paused_and_closed_is_told_by_button_and_in_bulk(desk: Client) -> None:
    raffle = make_raffle(status="DRAFT")
    desk.post(page_of(raffle, "open"))
    run_action(desk, Raffle, "pause_sales", [raffle])
    desk.post(page_of(raffle, "close"))
    desk.post(page_of(raffle, "open"))
    lines = AuditEntry.objects.filter(action=Deed.RAFFLE_MOVED).order_by("pk")
    assert [(line.before["status"], line.after["status"]) for line in lines] == [
        ("DRAFT", "ACTIVE"),
        ("ACTIVE", "PAUSED"),
        ("PAUSED", "CLOSED"),
    ]


def test_a_draft_that_is_deleted_is_told_with_what_it_was(desk: Client) -> None:
    raffle = make_raffle(status="DRAFT", title="A car")
    desk.post(page_of(raffle, "delete"), {"post": "yes"})
    assert newest(Deed.RAFFLE_DELETED).before["title"] == "A car"


def test_files_and_chats_that_are_looked_at_leave_a_line(desk: Client) -> None:
    proof = make_proof(make_order(status="PENDING_PAYMENT"))
    fetch(desk, reverse("admin:sales_paymentproof_file", args=(proof.pk,)))
    assert newest(Deed.FILE_SEEN).subject_label == proof.order.code
    contact = make_contact(profile_name="Marta Benítez")
    desk.get(page_of(contact))
    assert newest(Deed.CHAT_SEEN).subject_label == f"#{contact.pk}"
    event = photographed(contact)
    fetch(desk, reverse("admin:whatsapp_inboundevent_file", args=(event.pk,)))
    assert newest(Deed.FILE_SEEN).subject_type == "whatsapp.InboundMedia"
    assert "Marta" not in str(list(AuditEntry.objects.values()))


def test_the_copy_of_a_receipt_on_the_desk_leaves_a_line_too(desk: Client) -> None:
    proof = make_proof(make_order(status="PENDING_PAYMENT"))
    assert fetch(desk, reverse("evidence_receipt", args=(proof.pk, 1))).status_code == 200
    assert newest(Deed.FILE_SEEN).subject_label == proof.order.code


def test_a_file_that_is_refused_leaves_no_line(client_of: ClientOf) -> None:
    proof = make_proof(make_order(status="PENDING_PAYMENT"))
    fetch(client_of("sales.view_order"), reverse("admin:sales_paymentproof_file", args=(proof.pk,)))
    assert not AuditEntry.objects.filter(action=Deed.FILE_SEEN).exists()


def test_an_export_is_told_with_how_many_rows(desk: Client) -> None:
    run_action(desk, Order, "export_as_csv", [make_order(), make_order()])
    assert newest(Deed.EXPORTED).after == {"rows": 2}


def test_blocks_and_words_to_a_player_are_told_without_the_words(desk: Client) -> None:
    contact = make_contact()
    desk.post(page_of(contact, "block"))
    assert newest(Deed.CONTACT_CHANGED).after == {"change": "block"}
    token = "6f1d2c1e-5e53-4a7e-9a39-000000000001"
    desk.post(page_of(contact, "write"), {"words": "private words", "token": token})
    assert newest(Deed.MESSAGE_WRITTEN).subject_id == str(contact.pk)
    assert "private words" not in str(list(AuditEntry.objects.values()))


def test_a_player_who_was_changed_is_told_by_field_names_only(desk: Client) -> None:
    player = make_player(name="Ana", phone="", city="Luque")
    desk.post(page_of(player), {"name": "Ana María", "phone": "", "email": "", "city": "Luque"})
    line = newest(Deed.PLAYER_CHANGED)
    assert (line.subject_label, line.after) == (f"#{player.pk}", {"fields": ["name"]})
    assert Player.objects.get(pk=player.pk).name == "Ana María"


def test_rights_that_change_are_told_from_what_to_what(desk: Client) -> None:
    call_command("make_groups", verbosity=0)
    ana, operator = make_staff("ana"), Group.objects.get(name="operator")
    joined = {"date_joined_0": "2026-11-21", "date_joined_1": "12:00:00"}
    given = {"username": "ana", "is_active": "on", "is_staff": "on", "groups": [operator.pk], **joined}
    assert desk.post(page_of(ana), given).status_code == 302
    line = newest(Deed.USER_CHANGED)
    assert (line.before, line.after) == ({"groups": []}, {"groups": ["operator"]})
    right = Permission.objects.get(codename="view_payment")
    own = Group.objects.create(name="accountants")
    desk.post(page_of(own), {"name": "accountants", "permissions": [right.pk]})
    assert newest(Deed.GROUP_CHANGED).after == {"rights": ["sales.view_payment"]}


def test_a_password_that_is_set_for_somebody_is_told_and_not_written_down(desk: Client) -> None:
    ana = make_staff("ana")
    words = {"password1": "cuatro caballos verdes", "password2": "cuatro caballos verdes"}
    address = reverse("admin:auth_user_password_change", args=(ana.pk,))
    assert desk.post(address, {**words, "usable_password": "true"}).status_code == 302
    assert newest(Deed.PASSWORD_SET).subject_label == "ana"
    assert "caballos" not in str(list(AuditEntry.objects.values()))


def test_not_even_a_superuser_finds_a_way_to_add_change_or_delete_a_line(desk: Client) -> None:
    entry = record(Deed.SIGNED_IN, actor="x", now=NOW)
    assert desk.get(reverse("admin:audit_auditentry_add")).status_code == 403
    assert desk.post(page_of(entry), {"reason": "none"}).status_code == 403
    assert desk.post(page_of(entry, "delete"), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in text(desk.get(list_of(AuditEntry)))
    run_action(desk, AuditEntry, "delete_selected", [entry], post="yes")
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_the_list_is_found_by_person_subject_and_reason_and_filtered(desk: Client, boss: User) -> None:
    one = record(Deed.ORDER_MOVED, user=boss, label="KX7P3M", reason="unreadable", now=NOW)
    two = record(Deed.SIGNED_IN, actor="staff:ana", label="ana", now=NOW)
    assert listed(desk, AuditEntry, q="KX7P3M") == {one.pk}
    assert listed(desk, AuditEntry, q="unreadable") == {one.pk}
    assert listed(desk, AuditEntry, q="ana") == {two.pk}
    assert listed(desk, AuditEntry, action="order.moved") == {one.pk}
    of_boss = listed(desk, AuditEntry, user__id__exact=str(boss.pk))
    assert one.pk in of_boss
    assert two.pk not in of_boss
    assert {one.pk, two.pk} <= listed(desk, AuditEntry, at__year="2026", at__month="11", at__day="21")
    assert not listed(desk, AuditEntry, at__year="2026", at__month="11", at__day="20")


def test_script_in_a_reason_is_shown_as_words(desk: Client) -> None:
    entry = record(Deed.ORDER_MOVED, actor="x", reason="<script>1</script>", after={"a": "<b>"}, now=NOW)
    for address in (list_of(AuditEntry), page_of(entry)):
        page = text(desk.get(address))
        assert "<script>1" not in page
        assert "&lt;b&gt;" in page


def test_the_export_runs_no_formula_and_is_itself_told(desk: Client) -> None:
    entry = record(Deed.ORDER_MOVED, actor="x", label='=HYPERLINK("x")', reason="+1", now=NOW)
    answer = run_action(desk, AuditEntry, "export_as_csv", [entry])
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[1][5:] == ['\'=HYPERLINK("x")', "{}", "{}", "'+1"]
    assert newest(Deed.EXPORTED).subject_label == "audit.AuditEntry"


def test_a_full_list_costs_no_query_for_each_line(
    desk: Client, boss: User, django_assert_max_num_queries: Any
) -> None:
    for _line in range(60):
        record(Deed.ORDER_MOVED, user=boss, label="KX7P3M", before={"status": "A"}, now=NOW)
    desk.get(list_of(AuditEntry))
    with django_assert_max_num_queries(14):
        desk.get(list_of(AuditEntry))


def test_a_decision_by_button_is_told_with_the_person_who_pressed_it(desk: Client) -> None:
    order = make_order(status="UNDER_REVIEW")
    decide(desk, order, "reject", words="unreadable")
    assert newest(Deed.PROOFS_DECIDED).actor == "staff:boss"


def test_what_one_player_said_is_a_look_at_their_chat_on_every_page(desk: Client) -> None:
    contact = make_contact()
    event, message = said(contact, "hola"), sent(contact, "menu")
    pages = [page_of(event), page_of(message)]
    pages += [f"{list_of(type(row))}?contact__id__exact={contact.pk}" for row in (event, message)]
    for page in pages:
        assert desk.get(page).status_code == 200
    lines = AuditEntry.objects.filter(action=Deed.CHAT_SEEN, subject_label=f"#{contact.pk}")
    assert lines.count() == len(pages)
    desk.get(list_of(InboundEvent))
    desk.get(f"{list_of(InboundEvent)}?contact__id__exact=404")
    assert lines.count() == AuditEntry.objects.filter(action=Deed.CHAT_SEEN).count() == len(pages)


def test_what_is_sent_or_taken_again_is_told_once_and_only_where_it_was(desk: Client) -> None:
    contact = make_contact()
    event = said(contact, "hola", status="FAILED")
    message = sent(contact, "menu", status="FAILED", sent_at=None)
    for row, name, deed in (
        (event, "take_again", Deed.EVENTS_REPLAYED),
        (message, "send_again", Deed.MESSAGES_REPEATED),
    ):
        run_action(desk, type(row), name, [row])
        assert newest(deed).after == {"rows": 1, "ids": [row.pk]}
        run_action(desk, type(row), name, [row])
        assert AuditEntry.objects.filter(action=deed).count() == 1


def test_who_ticks_staff_says_where_alerts_go(desk: Client, client_of: ClientOf) -> None:
    contact = make_contact()
    operator = client_of("whatsapp.view_contact", "whatsapp.change_contact", username="eva")
    assert 'name="receives_staff_alerts"' not in operator.get(page_of(contact)).content.decode()
    operator.post(page_of(contact), {"language": "es", "receives_staff_alerts": "on"})
    assert not Destination.objects.exists()
    desk.post(page_of(contact), {"language": "es", "receives_staff_alerts": "on"})
    assert newest(Deed.DESTINATION_ADDED).after["channel"] == "WHATSAPP"


def test_who_is_no_person_is_named_in_the_language_of_the_reader(desk: Client) -> None:
    for actor in ("clock", "player", ""):
        record(Deed.ORDER_MOVED, actor=actor, now=NOW)
    for language, words in (("es", ("por sí solo", "jugador", "nadie")), ("en", ("by itself", "player"))):
        page = text(desk.get(list_of(AuditEntry), headers={"accept-language": language}))
        assert all(f"{word}</" in page for word in words), language
        assert "clock</" not in page
