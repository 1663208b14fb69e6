"""Meta's limits, each with the largest message that passes and the smallest that does not."""

from typing import Any

import pytest

from whatsapp.simulator.limits import check_message
from whatsapp.simulator.refusals import GraphRefusal

Json = dict[str, Any]
BODY = {"text": "Which?"}


def message(**content: Any) -> Json:
    return {"messaging_product": "whatsapp", "to": "+595981000001", **content}


def text(body: str) -> Json:
    return message(type="text", text={"body": body})


def interactive(kind: str, action: Json, **parts: Any) -> Json:
    return message(type="interactive", interactive={"type": kind, "body": BODY, "action": action, **parts})


def buttons(*replies: tuple[str, str], **parts: Any) -> Json:
    made = [{"type": "reply", "reply": {"id": reply_id, "title": title}} for reply_id, title in replies]
    return interactive("button", {"buttons": made}, **parts)


def rows(count: int, *, first: int = 0) -> list[Json]:
    return [{"id": f"row:{n}", "title": f"Row {n}"} for n in range(first, first + count)]


def listing(*sections: Json, button: str = "Choose", **parts: Any) -> Json:
    return interactive("list", {"button": button, "sections": list(sections)}, **parts)


def one_row(**row: str) -> Json:
    return listing({"rows": [{"id": "a", "title": "A", **row}]})


def link_button(label: str, url: str = "https://example.org/p") -> Json:
    return interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": label, "url": url}})


ONE = ("a", "A")
JUST_FITS = {
    "text of 4096": text("x" * 4096),
    "text of 2048 pairs": text("🎉" * 2048),
    "interactive body of 1024": buttons(ONE, body={"text": "x" * 1024}),
    "header of 60": buttons(ONE, header={"type": "text", "text": "x" * 60}),
    "footer of 60": buttons(ONE, footer={"text": "x" * 60}),
    "three buttons": buttons(("a", "A"), ("b", "B"), ("c", "C")),
    "button title of 20": buttons(("a", "x" * 20)),
    "button title of 10 pairs": buttons(("a", "🎉" * 10)),
    "button id of 256": buttons(("x" * 256, "A")),
    "ten rows": listing({"rows": rows(10)}),
    "ten sections": listing(*({"title": f"S{n}", "rows": rows(1, first=n)} for n in range(10))),
    "list button of 20": listing({"rows": rows(1)}, button="x" * 20),
    "section title of 24": listing({"title": "x" * 24, "rows": rows(1)}),
    "row id of 200": one_row(id="x" * 200),
    "row title of 24": one_row(title="x" * 24),
    "row description of 72": one_row(description="x" * 72),
    "url button of 20": link_button("x" * 20),
    "caption of 1024": message(type="image", image={"id": "1", "caption": "x" * 1024}),
    "callback data of 512": {**text("x"), "biz_opaque_callback_data": "x" * 512},
    "image header": buttons(ONE, header={"type": "image", "image": {"id": "1"}}),
}

TOO_MUCH = {
    "text of 4097": (100, text("x" * 4097)),
    "text of 2049 pairs": (100, text("🎉" * 2049)),
    "empty text": (131008, text("")),
    "blank text": (100, text("  \n")),
    "interactive body of 1025": (131009, buttons(ONE, body={"text": "x" * 1025})),
    "empty interactive body": (131008, buttons(ONE, body={"text": ""})),
    "header of 61": (131009, buttons(ONE, header={"type": "text", "text": "x" * 61})),
    "footer of 61": (131009, buttons(ONE, footer={"text": "x" * 61})),
    "four buttons": (131009, buttons(*((str(n), f"B{n}") for n in range(4)))),
    "no button": (131009, buttons()),
    "button title of 21": (131009, buttons(("a", "x" * 21))),
    "button title of 11 pairs": (131009, buttons(("a", "🎉" * 11))),
    "blank button title": (131009, buttons(("a", " "))),
    "empty button title": (131008, buttons(("a", ""))),
    "button id of 257": (131009, buttons(("x" * 257, "A"))),
    "button id with a space at its end": (131009, buttons(("a ", "A"))),
    "two buttons of one id": (131009, buttons(("a", "A"), ("a", "B"))),
    "two buttons of one title": (131009, buttons(("a", "A"), ("b", "A"))),
    "eleven rows": (131009, listing({"rows": rows(11)})),
    "eleven rows in two sections": (
        131009,
        listing({"title": "S", "rows": rows(6)}, {"title": "T", "rows": rows(5, first=6)}),
    ),
    "no section": (131009, listing()),
    "section without rows": (131009, listing({"rows": []})),
    "second section without title": (
        131008,
        listing({"title": "S", "rows": rows(1)}, {"rows": rows(1, first=1)}),
    ),
    "list button of 21": (131009, listing({"rows": rows(1)}, button="x" * 21)),
    "section title of 25": (131009, listing({"title": "x" * 25, "rows": rows(1)})),
    "row id of 201": (131009, one_row(id="x" * 201)),
    "row title of 25": (131009, one_row(title="x" * 25)),
    "row description of 73": (131009, one_row(description="x" * 73)),
    "two rows of one id": (131009, listing({"rows": rows(1) + rows(1)})),
    "image header on a list": (
        131009,
        listing({"rows": rows(1)}, header={"type": "image", "image": {"id": "1"}}),
    ),
    "url button of 21": (131009, link_button("x" * 21)),
    "url button to nowhere": (131009, link_button("Go", "javascript:alert(1)")),
    "caption of 1025": (131009, message(type="image", image={"id": "1", "caption": "x" * 1025})),
    "caption on audio": (100, message(type="audio", audio={"id": "1", "caption": "x"})),
    "caption on sticker": (100, message(type="sticker", sticker={"id": "1", "caption": "x"})),
    "image by id and by link": (
        100,
        message(type="image", image={"id": "1", "link": "https://example.org/a"}),
    ),
    "image by nothing": (100, message(type="image", image={})),
    "callback data of 513": (131009, {**text("x"), "biz_opaque_callback_data": "x" * 513}),
    "no product": (100, {"to": "+595981000001", "type": "text", "text": {"body": "x"}}),
    "another product": (100, {**text("x"), "messaging_product": "telegram"}),
    "unknown type": (100, message(type="poll", poll={})),
    "no content": (131008, message(type="text")),
    "content of another shape": (100, message(type="text", text="hello")),
    "unknown key": (100, message(type="text", text={"body": "x", "colour": "red"})),
    "unknown interactive type": (100, interactive("wheel", {})),
    "interactive without action": (
        131008,
        message(type="interactive", interactive={"type": "button", "body": BODY}),
    ),
    "location request of another name": (131009, interactive("location_request_message", {"name": "x"})),
    "reaction without emoji": (131008, message(type="reaction", reaction={"message_id": "wamid.A"})),
    "latitude of 91": (131009, message(type="location", location={"latitude": 91, "longitude": 0})),
    "template without language": (131008, message(type="template", template={"name": "a"})),
}


@pytest.mark.parametrize("body", JUST_FITS.values(), ids=JUST_FITS)
def test_the_largest_message_passes(body: Json) -> None:
    check_message(body)


@pytest.mark.parametrize(("code", "body"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_one_step_more_is_refused_with_metas_code(code: int, body: Json) -> None:
    with pytest.raises(GraphRefusal) as refused:
        check_message(body)

    assert refused.value.code == code


@pytest.mark.parametrize("kind", ["location_request_message", "request_contact_info"])
def test_requests_for_a_place_or_a_number_pass(kind: str) -> None:
    name = "send_location" if kind == "location_request_message" else kind

    check_message(interactive(kind, {"name": name}))
