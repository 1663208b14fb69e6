"""What the document of the API says beside what the views say themselves."""

from __future__ import annotations

from typing import Any

from raffles.api.components import COMPONENTS

TITLE = "Raffle desk"
VERSION = "1.0.0"
ABOUT = """\
Sell raffle numbers from your own shop, app or script, and do at the desk what staff do in the admin.

A program shows `Authorization: Token …`, a person in an app `Authorization: Bearer …`. Calls that change
something take an `Idempotency-Key`. Lists come in pages; follow `next`. Money is a string of digits with its
currency.
Every refusal has a `code` that stays as it is and a `detail` in the language of `Accept-Language`.
The guide, with commands to copy, is docs/api.md.
"""

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": TITLE,
    "VERSION": VERSION,
    "DESCRIPTION": ABOUT,
    "OAS_VERSION": "3.1.1",
    "SERVERS": [{"url": "/", "description": "This site"}],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["config.api_pages.first_version_only"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api_pages.without_titles",
    ],
    "APPEND_COMPONENTS": COMPONENTS,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "validatorUrl": None},
    "ENUM_NAME_OVERRIDES": {
        "OrderStatus": "raffles.sales.models.Order.Status",
        "ProofStatus": "raffles.sales.models.PaymentProof.Status",
        "RefundStatus": "raffles.sales.models.Refund.Status",
        "RaffleStatus": "raffles.numbers.models.Raffle.Status",
        "Scope": "raffles.api.scopes.Scope",
        "EventKind": "raffles.hooks.catalogue.EventKind",
        "SentEventKind": "raffles.hooks.catalogue.ALL_KINDS",
        "DeliveryStatus": "raffles.hooks.models.Delivery.Status",
        "Language": "config.settings.LANGUAGES",
        "DrawStatus": "raffles.draws.models.Draw.Status",
        "DrawMethod": "raffles.draws.models.Draw.Method",
        "AwardStatus": "raffles.draws.models.Award.Status",
        "ShownOfWinner": "raffles.draws.models.Award.Shown",
        "WhyLost": "raffles.draws.models.Award.Lost",
        "LiveTicketStatus": "raffles.api.views.reserving.LIVE",
    },
}
