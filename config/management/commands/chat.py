from __future__ import annotations

import mimetypes
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from whatsapp.messages import choices_of, words_of
from whatsapp.models import InboundEvent, OutboundMessage

PATIENCE_SECONDS = 20


class Command(BaseCommand):
    help = (
        "Chat with the bot from the shell, through the real signed webhook; needs SIMULATOR=1. Examples: "
        'python manage.py chat --from 595981000001 menu "raffles" 1 | '
        "python manage.py chat --from 595981000001 --file receipt.png | "
        "python manage.py chat --from 595981000001 --tap Confirm"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("texts", nargs="*", help="what the player writes, one message each")
        parser.add_argument("--from", dest="sender", required=True, help="the player's phone, digits only")
        parser.add_argument(
            "--tap", help="press the button or row with this title, in the newest bubble that has it"
        )
        parser.add_argument("--file", type=Path, help="send this picture or document")
        parser.add_argument("--transcript", type=Path, help="also write the conversation into this file")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.SIMULATOR:
            raise CommandError("The chat talks to the simulator: start it with SIMULATOR=1 (and DEBUG=1).")
        if not options["sender"].isdigit():
            raise CommandError("--from takes the digits of a phone number, such as 595981000001.")
        from config.loopback import local_server  # noqa: PLC0415 - the simulator's tables exist only with it

        with local_server() as address:
            lines = _Chat(address, options["sender"]).run(options["texts"], options["tap"], options["file"])
        for line in lines:
            self.stdout.write(line)
        if options["transcript"]:
            options["transcript"].write_text("\n".join(lines) + "\n", encoding="utf-8")


class _Chat:
    def __init__(self, address: str, sender: str) -> None:
        from whatsapp.simulator import phones  # noqa: PLC0415 - as above

        self.phones = phones
        self.address = address
        self.phone = phones.phone_for(sender)
        self.lines: list[str] = []

    def run(self, texts: list[str], tap: str | None, file: Path | None) -> list[str]:
        for text in texts:
            self._turn(text, lambda said=text: self.phones.say(self.phone, said))
        if tap:
            reply_id = self._button(tap)
            self._turn(f"[{tap}]", lambda: self.phones.tap(self.phone, None, reply_id))
        if file:
            self._turn(f"({file.name})", lambda: self._send(file))
        return self.lines

    def _send(self, file: Path) -> str:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        mime = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return self.phones.send_media(self.phone, file.read_bytes(), mime, file.name)

    def _button(self, title: str) -> str:
        for message in reversed(self.phones.inbox_of(self.phone)):
            action = message.payload.get("action", {}) if message.type == "interactive" else {}
            replies = [button["reply"] for button in action.get("buttons", [])]
            replies += [row for section in action.get("sections", []) for row in section["rows"]]
            for reply in replies:
                if reply["title"] == title:
                    return str(reply["id"])
        raise CommandError(f"No message of the bot has a button or row {title!r}.")

    def _turn(self, shown: str, act: Any) -> None:
        seen = len(self.phones.inbox_of(self.phone))
        self.lines.append(f"> {shown}")
        act()
        self._wait_for_answer()
        for message in self.phones.inbox_of(self.phone)[seen:]:
            content = {"type": message.type, message.type: message.payload}
            self.lines.append("< " + words_of(content).replace("\n", "\n  "))
            self.lines += [f"  [{title}]" for title in choices_of(content)]

    def _wait_for_answer(self) -> None:
        """A running worker may have taken the message first: then its answer is only to be waited for."""
        from config.loopback import settle  # noqa: PLC0415 - as above

        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            settle(self.address)
            unread = InboundEvent.objects.filter(status=InboundEvent.Status.NEW, kind="MESSAGE").exists()
            leaving = OutboundMessage.objects.filter(status__in=("QUEUED", "SENDING")).exists()
            if not unread and not leaving:
                return
            time.sleep(0.1)
