"""How fields of forms look: the theme goes by Bootstrap's class, which Django's own do not carry."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest

BOX = "form-control"
# Types of what somebody types or picks into a box; a tick, a circle and a button look otherwise.
BOXES = ("text", "password", "url", "email", "number", "search", "tel", "file")
TEXT = "django/forms/widgets/textarea.html"


class BoxedFields(DjangoTemplates):
    """In one place and not in each form: those of Django and of packages are dressed too."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        widget = context.get("widget") or {}
        if template_name == TEXT or widget.get("type") in BOXES:
            context = {**context, "widget": {**widget, "attrs": _boxed(widget["attrs"])}}
        return str(super().render(template_name, context, request))


def _boxed(attributes: dict[str, Any]) -> dict[str, Any]:
    own = str(attributes.get("class", "")).split()
    return {**attributes, "class": " ".join([*own, BOX] if BOX not in own else own)}
