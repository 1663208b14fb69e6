"""What a person sees of a message: words, and what can be pressed."""

from collections.abc import Iterator
from dataclasses import dataclass

from .models import ChatMessage
from .shapes import Json


@dataclass(frozen=True)
class Choice:
    reply_id: str
    title: str

    @property
    def verb(self) -> str:
        return self.reply_id.partition(":")[0]

    @property
    def is_of_a_notice(self) -> bool:
        return self.reply_id.endswith(":0")


@dataclass(frozen=True)
class Heard:
    wamid: str
    text: str
    choices: tuple[Choice, ...]

    @property
    def is_good_news(self) -> bool:
        """Whatever the language: only money that arrived is congratulated."""
        return "🍀" in self.text and not self.choices

    @property
    def is_bad_news(self) -> bool:
        return any(line.startswith("> ") for line in self.text.splitlines())

    @property
    def is_notice(self) -> bool:
        if self.choices:
            return all(choice.is_of_a_notice for choice in self.choices)
        return self.is_good_news or self.is_bad_news

    def offers(self, verb: str) -> list[Choice]:
        return [choice for choice in self.choices if choice.verb == verb]


def read(message: ChatMessage) -> Heard:
    return Heard(message.wamid, _text(message), tuple(_choices(message)))


def _text(message: ChatMessage) -> str:
    payload: Json = message.payload
    for words in (payload.get("body"), payload.get("shown", {}).get("body"), payload.get("caption")):
        if isinstance(words, dict):
            return str(words.get("text", ""))
        if words:
            return str(words)
    return ""


def _choices(message: ChatMessage) -> Iterator[Choice]:
    action: Json = message.payload.get("action", {})
    for button in action.get("buttons", []):
        yield Choice(button["reply"]["id"], button["reply"]["title"])
    for section in action.get("sections", []):
        for row in section["rows"]:
            yield Choice(row["id"], row["title"])
    for button in message.payload.get("shown", {}).get("buttons", []):
        if button["type"] == "QUICK_REPLY":
            yield Choice(button["payload"], button["text"])
