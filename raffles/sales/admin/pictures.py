from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AdminFileWidget


class PictureInput(AdminFileWidget):
    """Pictures have no address of their own: staff see them through a page that asks who they are."""

    template_name = "admin/sales/picture_input.html"
    url = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return {**context, "url": self.url}
