"""The business's approved templates, and what Meta refuses about the way one is filled in."""

import re
from collections.abc import Sequence

from .models import Template
from .refusals import GraphRefusal, missing
from .required import required_list, required_text
from .shapes import Json, units

HOLE = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")
FORBIDDEN_IN_PARAMETER = re.compile(r"[\n\t]| {5,}")
HELLO: Json = {
    "name": "hello_world",
    "language": "en_US",
    "components": [{"type": "BODY", "text": "Hello World"}],
}


def add_template(
    *, name: str, language: str, components: Sequence[Json], category: str = "UTILITY"
) -> Template:
    template, _ = Template.objects.update_or_create(
        name=name,
        language=language,
        defaults={"components": list(components), "category": category.upper(), "status": "APPROVED"},
    )
    return template


def filled(request: Json) -> tuple[Template, Json]:
    """The template that is meant, and what the player will see of it."""
    template = _find(request["name"], request["language"]["code"])
    given = {str(part["type"]).lower(): part for part in request.get("components", []) if "index" not in part}
    shown: Json = {"buttons": _buttons(template, request)}
    for part in template.components:
        kind = str(part["type"]).lower()
        if kind in ("header", "body", "footer"):
            shown[kind] = _filled_part(part, given.get(kind, {}))
    if units(shown.get("body", {}).get("text", "")) > 1024:
        raise GraphRefusal(132005, "the body is longer than 1024 characters once it is filled in")
    return template, shown


def _find(name: str, language: str) -> Template:
    if (name, language) == (HELLO["name"], HELLO["language"]):
        add_template(**HELLO)
    template = Template.objects.filter(name=name, language=language).first()
    if template is None:
        raise GraphRefusal(132001, f"template name ({name}) does not exist in {language}", http_status=404)
    if template.status != "APPROVED":
        raise _unusable(template)
    return template


def _unusable(template: Template) -> GraphRefusal:
    state = f"template ({template.name}) is {template.status.lower()}"
    code = {"PAUSED": 132015, "DISABLED": 132016}.get(template.status)
    if code is None:
        return GraphRefusal(132001, f"{state}, not approved", http_status=404)
    return GraphRefusal(code, state)


def _filled_part(part: Json, given: Json) -> Json:
    parameters = given.get("parameters", [])
    if str(part.get("format", "TEXT")).upper() != "TEXT":
        return {"media": parameters[0] if parameters else {}}
    text = str(part.get("text", ""))
    holes = list(dict.fromkeys(HOLE.findall(text)))
    if len(parameters) != len(holes):
        details = f"{part['type']}: number of localizable_params ({len(parameters)}) does not match "
        raise GraphRefusal(132000, details + f"the expected number of params ({len(holes)})")
    values = _values_by_hole(holes, parameters)
    return {"text": HOLE.sub(lambda hole: _value(values[hole[1]]), text)}


def _values_by_hole(holes: Sequence[str], parameters: Sequence[Json]) -> dict[str, Json]:
    names = [parameter.get("parameter_name") for parameter in parameters]
    if all(hole.isdigit() for hole in holes):
        if any(names):
            raise GraphRefusal(132012, "this template has positional parameters, named ones were given")
        return dict(zip(holes, parameters, strict=True))
    if set(names) != set(holes):
        raise GraphRefusal(132012, f"this template expects parameters named {', '.join(holes)}")
    return {str(parameter["parameter_name"]): parameter for parameter in parameters}


def _value(parameter: Json) -> str:
    if parameter.get("type") != "text":
        raise GraphRefusal(132012, "the parameter must be of type text")
    text = required_text(parameter, "text", "parameter")
    if not text.strip():
        raise missing("parameter['text'] is required")
    if FORBIDDEN_IN_PARAMETER.search(text):
        raise GraphRefusal(
            132018, "Param text cannot have new-line/tab characters or over 4 consecutive spaces"
        )
    return text


def _buttons(template: Template, request: Json) -> list[Json]:
    given = {
        str(part.get("index")): part
        for part in request.get("components", [])
        if str(part["type"]).lower() == "button"
    }
    declared = [button for part in template.components for button in part.get("buttons", [])]
    shown = []
    for place, button in enumerate(declared):
        parameters = required_list(given[str(place)], "parameters", "button") if str(place) in given else []
        first = parameters[0] if parameters else {}
        url = HOLE.sub(str(first.get("text", "")), str(button.get("url", "")))
        shown.append(
            {
                "type": button["type"],
                "text": button["text"],
                "payload": first.get("payload", button["text"]),
                "url": url,
            }
        )
    return shown
