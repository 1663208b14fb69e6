from __future__ import annotations

from django import template

from raffles.sales.admin.history import history_url

register = template.Library()
register.simple_tag(history_url)
