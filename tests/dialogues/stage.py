"""Plays a dialogue through the real doors: the simulator's phones, signed webhooks, the actions of staff."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from config.loopback import settle
from raffles.draws.sweeping import sweep
from raffles.numbers.actions import reserve_numbers
from raffles.numbers.models import Raffle
from raffles.sales.actions import (
    cancel_order,
    confirm_payment,
    expire_orders,
    make_refund,
    pay_with_credit,
    record_payment,
    refund_order,
    register_player,
    reject_proof,
)
from raffles.sales.inventory import inventory_of
from raffles.sales.models import Actor, Order
from tests.dialogues import draws
from tests.dialogues.script import SILENCE, Act, Codes
from whatsapp import outbox
from whatsapp.messages import choices_of, words_of
from whatsapp.simulator import phones
from whatsapp.simulator.models import ChatMessage, Phone, Template
from whatsapp.simulator.template_desk import decide

START = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)  # noon in Asunción
DEFAULTS: dict[str, str] = {
    "title": "Moto 0 km",
    "first": "0",
    "last": "99",
    "price": "20000",
    "currency": "PYG",
    "width": "",
    "per_player": "",
    "min": "1",
    "most": "50",
    "text": "",
    "days": "7",
    "prizes": "",
}
EDITED = {"original_message_id": "wamid.O", "message": {"type": "text", "text": {"body": "confirmar"}}}
SOUNDS: dict[str, dict[str, Any]] = {
    "location": {"type": "location", "location": {"latitude": -25.3, "longitude": -57.6}},
    "poll": {
        "type": "unsupported",
        "errors": [{"code": 131051, "title": "Message type unknown"}],
        "unsupported": {"type": "poll_creation"},
    },
    "unknown": {"type": "hologram", "hologram": {"id": "1"}},
    "edit": {"type": "edit", "edit": EDITED},
    "contact": {"type": "contacts", "contacts": [{"name": {"formatted_name": "B"}}]},
    "order": {"type": "order", "order": {"catalog_id": "1", "product_items": []}},
    "broken": {"type": "interactive"},
}


def _spoken(message: ChatMessage) -> tuple[str, list[str]]:
    if message.type == "template":
        shown = message.payload["shown"]
        return shown["body"]["text"], [button["text"] for button in shown["buttons"]]
    content = {"type": message.type, message.type: message.payload}
    return words_of(content), choices_of(content)


def picture(shade: int = 200) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (60, 80), (shade % 256, shade // 256 % 256, 90)).save(stream, "PNG")
    return stream.getvalue()


class Stage:
    def __init__(self, address: str, clock: time_machine.Traveller) -> None:
        self.address = address
        self.clock = clock
        self.phone: Phone | None = None
        self.seen = 0
        self.pictures = 0
        self.codes = Codes()
        self.staff = User.objects.create_user("marta")

    def set_up(self, lines: list[str]) -> None:
        for line in lines:
            name, _, rest = line.partition(":")
            if name == "raffle":
                self._raffle(dict(word.split("=", 1) for word in shlex.split(rest)))
            elif name == "player":
                who, _, digits = rest.strip().partition(" ")
                username = "" if digits else who
                self.phone = phones.create_phone(profile_name=who, wa_id=digits, username=username)

    def _raffle(self, given: dict[str, str]) -> None:
        wanted = DEFAULTS | given
        now = timezone.now()
        raffle = Raffle.objects.create(
            title=wanted["title"],
            code=wanted["code"],
            description=wanted["text"],
            price_minor=int(wanted["price"]),
            currency=wanted["currency"],
            first_number=int(wanted["first"]),
            last_number=int(wanted["last"]),
            number_width=int(wanted["width"] or len(wanted["last"])),
            sales_open_at=now - timedelta(days=1),
            sales_close_at=now + timedelta(days=int(wanted["days"]) - 1),
            draw_at=now + timedelta(days=int(wanted["days"]), hours=8),
            time_zone="America/Asuncion",
            min_per_order=int(wanted["min"]),
            max_per_order=int(wanted["most"]),
            max_per_player=int(wanted["per_player"]) if wanted["per_player"] else None,
            payment_instructions="Banco Ejemplo, cuenta 123-456, a nombre de Club Social",
            status=Raffle.Status.DRAFT if wanted["prizes"] else Raffle.Status.ACTIVE,
        )
        if wanted["prizes"]:
            draws.open_with_draw(raffle, wanted["prizes"], now)

    def play(self, act: Act) -> list[list[str]]:
        kind, line = act.line[0], self.codes.show(act.line[2:])
        if kind == ">":
            self._player(line)
        elif kind == "*":
            self._staff_or_clock(line)
        self.clock.shift(timedelta(seconds=2))
        settle(self.address)
        return self._heard()

    def order_line(self, line: str) -> str:
        code = self.codes.show(line).split()[0]
        order = Order.objects.get(code=code)
        labels = " ".join(each.label for each in inventory_of(order).lines(order))
        return self._hide(f"{code} {order.status} {labels}")

    def _heard(self) -> list[list[str]]:
        assert self.phone is not None
        inbox = phones.inbox_of(self.phone)
        new, self.seen = inbox[self.seen :], len(inbox)
        return [self._shown(message) for message in new] or [[SILENCE]]

    def _shown(self, message: ChatMessage) -> list[str]:
        words, choices = _spoken(message)
        titles = self._hide(" ".join(f"[{title}]" for title in choices))
        return [self._hide(line) for line in words.split("\n")] + ([titles] if titles else [])

    def _hide(self, text: str) -> str:
        """Codes under their names, and the site, which has another port each time, under one."""
        text = text.replace(settings.SITE_URL, "https://sitio.example")
        return self.codes.hide(text, set(Order.objects.values_list("code", flat=True)))

    def _player(self, line: str) -> None:
        assert self.phone is not None
        tapped = re.fullmatch(r"\[(old )?(.+)\]", line)
        sent = re.fullmatch(r"\((\w+)(?: (.+))?\)", line)
        if tapped:
            phones.tap(self.phone, *self._button(tapped[2], is_old=bool(tapped[1])))
        elif sent:
            self._send(sent[1], sent[2] or "")
        else:
            phones.say(self.phone, line.replace("\\n", "\n").replace("{3000}", "bla " * 750))

    def _button(self, title: str, *, is_old: bool) -> tuple[str, str]:
        """In the newest bubble that has the button, or in the oldest."""
        assert self.phone is not None
        found = []
        for message in phones.inbox_of(self.phone):
            action = message.payload.get("action", {}) if message.type == "interactive" else {}
            replies = [button["reply"] for button in action.get("buttons", [])]
            replies += [row for section in action.get("sections", []) for row in section["rows"]]
            found += [(message.wamid, reply["id"]) for reply in replies if reply["title"] == title]
            quick = message.payload.get("shown", {}).get("buttons", [])
            found += [(message.wamid, each["payload"]) for each in quick if each["text"] == title]
        assert found, f"no button {title!r}"
        return found[0 if is_old else -1]

    def _send(self, what: str, extra: str) -> None:
        assert self.phone is not None
        self.pictures += 1
        files: dict[str, Callable[[], tuple[bytes, str, str | None]]] = {
            "photo": lambda: (picture(self.pictures), "image/png", None),
            "pdf": lambda: (b"%PDF-1.4\n%%EOF " + str(self.pictures).encode(), "application/pdf", "pago.pdf"),
            "exe": lambda: (b"MZ\x90\x00" + bytes(200), "image/jpeg", None),
            "huge": lambda: (picture() + bytes(11 * 1024 * 1024), "image/jpeg", None),
            "voice": lambda: (b"OggS" + bytes(50), "audio/ogg; codecs=opus", None),
            "video": lambda: (b"\x00\x00\x00\x18ftypmp42" + bytes(50), "video/mp4", None),
            "sticker": lambda: (b"RIFF\x00\x00\x00\x00WEBP" + bytes(50), "image/webp", None),
        }
        if what in files:
            content, mime, name = files[what]()
            phones.send_media(self.phone, content, mime, name, extra)
        elif what == "reaction":
            phones.react(self.phone, phones.inbox_of(self.phone)[-1].wamid, extra)
        else:
            phones.send_raw(self.phone, SOUNDS[what])

    def _staff_or_clock(self, line: str) -> None:
        now = timezone.now()
        verb, *words = line.split()
        if match := re.fullmatch(r"staff (\w+) (\w+)(?:: (.+))?", line):
            self._staff(match[1], Order.objects.get(code=match[2]).pk, match[3] or "", now)
        elif match := re.fullmatch(r"(\d+) (minutes|hours) pass", line):
            self.clock.shift(timedelta(**{match[2]: int(match[1])}))
            expire_orders(now=timezone.now())
            sweep(now=timezone.now())
            outbox.release_expired_leases(now=timezone.now())
        elif verb == "taken":
            rival = register_player(name="Rival", language="es", phone="", now=now)
            raffle_id = Raffle.objects.get(code=words[0]).pk
            numbers = [int(number) for number in words[1:]]
            reserve_numbers(raffle_id=raffle_id, player_id=rival.pk, numbers=numbers, now=now)
        elif verb in draws.VERBS:
            draws.happen([verb, *words], now)
        elif verb == "meta":
            self._meta(*words)
        elif verb == "raffle":
            Raffle.objects.filter(code=words[0]).update(status=words[1])
        else:
            raise AssertionError(f"nobody knows how to {line!r}")

    def _meta(self, verb: str, what: str) -> None:
        """Approves all templates that are submitted, or pauses those of one name."""
        if verb == "approves":
            call_command("submit_templates", stdout=io.StringIO())
        for template in Template.objects.filter(name=what):
            decide(template, "PAUSED", timezone.now())

    def _staff(self, verb: str, order_id: int, reason: str, now: datetime) -> None:
        if verb == "confirms":
            confirm_payment(
                order_id=order_id, by=self.staff, amount_minor=None, method="transfer", reference="", now=now
            )
        elif verb == "rejects":
            reject_proof(order_id=order_id, by=self.staff, reason=reason, now=now)
        elif verb == "cancels":
            cancel_order(order_id=order_id, actor=Actor.staff(self.staff), reason=reason, now=now)
        elif verb == "refunds":
            refund_order(order_id=order_id, by=self.staff, reason=reason, now=now)
        elif verb in {"receive", "record", "credit", "send"}:
            self._money(verb, Order.objects.get(pk=order_id), reason, now)
        else:
            raise AssertionError(f"staff do not know how to {verb}")

    def _money(self, verb: str, order: Order, told: str, now: datetime) -> None:
        came: dict[str, Any] = {"by": self.staff, "method": "transfer", "reference": "", "now": now}
        if verb == "receive":
            confirm_payment(order_id=order.pk, amount_minor=int(told), **came)
        elif verb == "record":
            record_payment(
                player_id=order.player_id,
                order_id=order.pk,
                currency=order.currency,
                amount_minor=int(told),
                **came,
            )
        elif verb == "credit":
            pay_with_credit(order_id=order.pk, by=self.staff, now=now)
        else:
            refund = order.refunds.get()
            make_refund(refund_id=refund.pk, by=self.staff, reference=told, evidence=None, now=now)
