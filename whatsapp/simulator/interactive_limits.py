from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from .refusals import invalid, missing, wrong_parameter
from .required import only_keys, required_list, required_object, required_text
from .shapes import Json, units

BODY, HEADER, FOOTER = 1024, 60, 60
BUTTONS, BUTTON_ID, BUTTON_TITLE = 3, 256, 20
LIST_BUTTON, SECTIONS, ROWS = 20, 10, 10
SECTION_TITLE, ROW_ID, ROW_TITLE, ROW_DESCRIPTION = 24, 200, 24, 72
URL_BUTTON = 20
WITH_HEADER = {
    "button": ("text", "image", "video", "document"),
    "cta_url": ("text", "image", "video", "document"),
}
KEYS = ("type", "header", "body", "footer", "action")


def check_interactive(interactive: Json) -> None:
    only_keys(interactive, KEYS, "interactive")
    kind = required_text(interactive, "type", "interactive")
    check_action = ACTIONS.get(kind)
    if check_action is None:
        known = ", ".join(sorted(name.upper() for name in ACTIONS))
        raise wrong_parameter(f"Param interactive['type'] must be one of {{{known}}} - got {kind!r}.")
    _check_body(interactive)
    _check_header(interactive, kind)
    _check_footer(interactive, kind)
    check_action(required_object(interactive, "action", "interactive"))


def within(text: str, limit: int, what: str) -> None:
    if not text.strip() or units(text) > limit:
        raise invalid(f"{what} length invalid. Min length: 1, Max length: {limit}")


def _check_body(interactive: Json) -> None:
    body = required_object(interactive, "body", "interactive")
    only_keys(body, ("text",), "interactive['body']")
    within(required_text(body, "text", "interactive['body']"), BODY, "Body text")


def _check_footer(interactive: Json, kind: str) -> None:
    if "footer" not in interactive:
        return
    if kind in ("location_request_message", "request_contact_info"):
        raise wrong_parameter(f'Unexpected key "footer" on interactive message of type "{kind}".')
    footer = required_object(interactive, "footer", "interactive")
    only_keys(footer, ("text",), "interactive['footer']")
    within(required_text(footer, "text", "interactive['footer']"), FOOTER, "Footer text")


def _check_header(interactive: Json, kind: str) -> None:
    if "header" not in interactive:
        return
    header = required_object(interactive, "header", "interactive")
    header_kind = required_text(header, "type", "interactive['header']")
    allowed = ("text",) if kind == "list" else WITH_HEADER.get(kind, ())
    if header_kind not in allowed:
        raise invalid(f"Header type {header_kind} is not allowed for interactive type {kind}")
    if header_kind == "text":
        within(required_text(header, "text", "interactive['header']"), HEADER, "Header text")
    else:
        _check_media_header(required_object(header, header_kind, "interactive['header']"), header_kind)


def _check_media_header(media: Json, kind: str) -> None:
    if ("id" in media) == ("link" in media):
        raise wrong_parameter(f"Exactly one of header {kind}['id'] and {kind}['link'] is required.")
    if "link" in media and urlsplit(str(media["link"])).scheme not in ("http", "https"):
        raise invalid(f"Header {kind}['link'] is not a valid URI")


def _check_buttons(action: Json) -> None:
    only_keys(action, ("buttons",), "interactive['action']")
    buttons = required_list(action, "buttons", "interactive['action']")
    if not 1 <= len(buttons) <= BUTTONS:
        raise invalid(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {BUTTONS}")
    replies = [_checked_reply(button) for button in buttons]
    _all_different([reply["id"] for reply in replies], "Duplicated id across different buttons")
    _all_different([reply["title"] for reply in replies], "Duplicated title across different buttons")


def _checked_reply(button: Json) -> Json:
    if button.get("type") != "reply":
        raise invalid("Button type must be reply")
    reply = required_object(button, "reply", "button")
    only_keys(reply, ("id", "title"), "reply")
    _check_id(required_text(reply, "id", "reply"), BUTTON_ID, "Button id")
    within(required_text(reply, "title", "reply"), BUTTON_TITLE, "Button title")
    return reply


def _check_id(value: str, limit: int, what: str) -> None:
    within(value, limit, what)
    if value != value.strip():
        raise invalid(f"{what} cannot have leading or trailing spaces")


def _all_different(values: Sequence[str], complaint: str) -> None:
    if len(set(values)) < len(values):
        raise invalid(complaint)


def _check_list(action: Json) -> None:
    only_keys(action, ("button", "sections"), "interactive['action']")
    within(required_text(action, "button", "interactive['action']"), LIST_BUTTON, "Action button text")
    sections = required_list(action, "sections", "interactive['action']")
    if not 1 <= len(sections) <= SECTIONS:
        raise invalid(f"Invalid sections count. Min allowed sections: 1, Max allowed sections: {SECTIONS}")
    rows = [row for section in sections for row in _checked_rows(section, is_only_one=len(sections) == 1)]
    if len(rows) > ROWS:
        raise invalid(f"Total row count exceed max allowed count: {ROWS}")
    _all_different([row["id"] for row in rows], "Duplicated row id across different sections")


def _checked_rows(section: Json, *, is_only_one: bool) -> list[Json]:
    only_keys(section, ("title", "rows"), "section")
    if not section.get("title") and not is_only_one:
        raise missing("Section title is required when there is more than one section")
    if section.get("title"):
        within(required_text(section, "title", "section"), SECTION_TITLE, "Section title")
    rows = required_list(section, "rows", "section")
    if not rows:
        raise invalid("Invalid rows count. Min allowed rows: 1")
    for row in rows:
        _check_row(row)
    return rows


def _check_row(row: Json) -> None:
    only_keys(row, ("id", "title", "description"), "row")
    _check_id(required_text(row, "id", "row"), ROW_ID, "Row id")
    within(required_text(row, "title", "row"), ROW_TITLE, "Row title")
    if row.get("description"):
        within(required_text(row, "description", "row"), ROW_DESCRIPTION, "Row description")


def _check_url_button(action: Json) -> None:
    _check_action_name(action, "cta_url")
    parameters = required_object(action, "parameters", "interactive['action']")
    only_keys(parameters, ("display_text", "url"), "interactive['action']['parameters']")
    within(required_text(parameters, "display_text", "parameters"), URL_BUTTON, "Display text")
    address = urlsplit(required_text(parameters, "url", "parameters"))
    if address.scheme not in ("http", "https") or not address.netloc:
        raise invalid("URL is not valid")


def _check_action_name(action: Json, name: str) -> None:
    if required_text(action, "name", "interactive['action']") != name:
        raise invalid(f"interactive['action']['name'] must be {name}")


ACTIONS: dict[str, Callable[[Json], None]] = {
    "button": _check_buttons,
    "list": _check_list,
    "cta_url": _check_url_button,
    "location_request_message": lambda action: _check_action_name(action, "send_location"),
    "request_contact_info": lambda action: _check_action_name(action, "request_contact_info"),
}
