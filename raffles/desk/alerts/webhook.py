"""What is posted to a chat room of staff, in the shape that Slack and those like it take."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from raffles.desk.alerts.addresses import reach
from raffles.desk.alerts.channels import NotDelivered
from raffles.desk.alerts.summary import Summary
from raffles.desk.models import Destination
from raffles.outside import posting
from raffles.outside.addresses import BadAddress
from raffles.outside.posting import NoAnswer, Times

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5, 10, 20
# Said to come again later; every other answer from 300 to 499 will be the same the next time.
LATER = {408, 425, 429}


def post(destination: Destination, summary: Summary, _key: str, _now: datetime) -> None:
    test_url = settings.STAFF_TEST_WEBHOOK_URL
    body = body_of(summary, prefix=f"[{destination.name}] " if test_url else "")
    status = _post(test_url or destination.url, body)
    if not 200 <= status < 300:
        raise NotDelivered(f"HTTP {status}", is_permanent=300 <= status < 500 and status not in LATER)


def body_of(summary: Summary, *, prefix: str = "") -> dict[str, Any]:
    headline = prefix + summary.headline()
    lines = [_escaped(line) for line in summary.lines()]
    button = {"type": "plain_text", "text": _("Open the list")}
    return {
        "text": "\n".join([_escaped(headline), *lines, summary.url]),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": headline[:150]}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines)[:3000]}},
            {"type": "actions", "elements": [{"type": "button", "text": button, "url": summary.url}]},
        ],
    }


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _post(url: str, body: dict[str, Any]) -> int:
    headers = {"Content-Type": "application/json"}
    times = Times(CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS)
    try:
        sent = json.dumps(body).encode()
        return posting.post(url, body=sent, headers=headers, reach=reach(), times=times).status
    except BadAddress:
        raise NotDelivered("address not allowed", is_permanent=True) from None
    except NoAnswer as failure:
        raise NotDelivered(failure.kind, is_permanent=False) from None
