"""Minutes for staff, by their page and by a command: who may, in which language, and what is refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.models import Draw
from raffles.numbers.models import Ticket
from tests.draws.staging import closed_draw, held_draw
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

RIGHTS = ("draws.view_draw", "draws.issue_minutes")
PAGES = ("draws:minutes_pdf", "draws:minutes_json")


def browser(*rights: str, language: str = "en", organises: Draw | None = None) -> Client:
    user = make_staff()
    for right in rights:
        app, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    if organises is not None:
        organises.raffle.organisers.add(user)
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.get(pk=user.pk))
    return client


def at(page: str, draw: Draw) -> str:
    return reverse(page, args=(draw.pk,))


def read(content: bytes) -> str:
    return " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))


def issues() -> int:
    return AuditEntry.objects.filter(action=Deed.MINUTES_ISSUED).count()


@pytest.mark.parametrize(("language", "title"), [("es", "Acta del"), ("pt-br", "Ata do"), ("en", "Draw min")])
def test_the_paper_is_in_the_language_of_who_asks(language: str, title: str) -> None:
    draw = held_draw()
    answer = browser(*RIGHTS, language=language, organises=draw).get(at("draws:minutes_pdf", draw))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert title in read(answer.content)
    assert f"{draw.code}-minutes.pdf" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_each_issue_is_in_the_log_and_its_digest_is_on_the_paper() -> None:
    draw = held_draw()
    client = browser(*RIGHTS, "raffles.see_every_raffle")
    told = client.get(at("draws:minutes_json", draw))
    assert json.loads(told.content)["root"] == draw.root
    paper = read(client.get(at("draws:minutes_pdf", draw)).content)
    digest = AuditEntry.objects.filter(action=Deed.MINUTES_ISSUED)[0].after["sha256"]
    assert digest in paper.replace("\r\n", "")
    assert issues() == 2


@pytest.mark.parametrize("page", PAGES)
def test_who_may_not_is_refused_and_of_others_draws_there_are_none(page: str) -> None:
    draw, theirs = held_draw(), held_draw()
    expected: list[tuple[Client, Draw, int]] = [
        (Client(), draw, 404),
        (browser("draws.view_draw", organises=draw), draw, 403),
        (browser("draws.issue_minutes", organises=draw), draw, 403),
        (browser(*RIGHTS, organises=draw), theirs, 404),
        (browser(*RIGHTS, organises=draw), draw, 200),
    ]
    for client, asked, status in expected:
        assert client.get(at(page, asked)).status_code == status
    assert issues() == 1


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_issued_by_anything_but_a_look(page: str) -> None:
    draw = held_draw()
    assert browser(*RIGHTS, organises=draw).post(at(page, draw)).status_code == 405
    assert issues() == 0


def not_yet() -> Draw:
    return closed_draw()


def differing() -> Draw:
    draw = held_draw()
    Ticket.objects.filter(raffle=draw.raffle, number=3).update(price_minor=50_001)
    return draw


@pytest.mark.parametrize(("make", "said"), [(not_yet, "Entries frozen"), (differing, "The books differ")])
@pytest.mark.parametrize("page", PAGES)
def test_a_refusal_is_said_on_the_page_of_the_draw(page: str, make: Callable[[], Draw], said: str) -> None:
    draw = make()
    answer = browser(*RIGHTS, organises=draw).get(at(page, draw), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("admin:draws_draw_change", args=(draw.pk,))
    assert said in answer.content.decode()
    assert issues() == 0


def test_the_command_writes_both_and_says_the_digest(tmp_path: Path) -> None:
    draw, out = held_draw(), io.StringIO()
    pdf, told = tmp_path / "out.pdf", tmp_path / "out.json"
    words = (draw.code.lower(), "--pdf", str(pdf), "--json", str(told), "--language", "pt-br")
    call_command("draw_minutes", *words, stdout=out)
    assert "Ata do sorteio" in read(pdf.read_bytes())
    entry = AuditEntry.objects.get(action=Deed.MINUTES_ISSUED)
    assert (entry.actor, entry.after["sha256"] in out.getvalue()) == ("command", True)
    assert json.loads(told.read_text(encoding="utf-8"))["code"] == draw.code


def test_the_command_says_what_it_cannot_do(tmp_path: Path) -> None:
    draw, file = differing(), tmp_path / "out.json"
    for words, said in (
        ((draw.code,), "Say where to"),
        (("NOSUCH", "--json", str(file)), "no draw"),
        ((draw.code, "--json", str(file)), "las cuentas no coinciden"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("draw_minutes", *words)
    assert not file.exists()
