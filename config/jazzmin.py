"""The menu and the looks of the admin. It loads nothing from elsewhere: no fonts, scripts or pictures."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

# What pages of the theme say and no catalogue but ours has.
SAID_BY_THE_THEME = (
    _("Enter a username and password."),
    _("First, enter a username and password. Then, you'll be able to edit more user options."),
    _(
        "Please enter your old password, for security's sake, and then enter your new password twice so we "
        "can verify you typed it in correctly."
    ),
)

# Each area and each list has its own: a test sees to it that none falls back to the theme's dot.
ICONS = {
    "desk": "fas fa-bell",
    "desk.staffnotification": "fas fa-bell",
    "desk.destination": "fas fa-bullhorn",
    "desk.digest": "fas fa-envelope-open-text",
    "sales": "fas fa-cash-register",
    "sales.order": "fas fa-receipt",
    "sales.paymentproof": "fas fa-file-image",
    "sales.payment": "fas fa-money-bill-wave",
    "sales.refund": "fas fa-rotate-left",
    "sales.creditentry": "fas fa-scale-balanced",
    "sales.player": "fas fa-user-tag",
    "raffles": "fas fa-ticket",
    "raffles.raffle": "fas fa-gift",
    "raffles.ticket": "fas fa-ticket",
    "draws": "fas fa-dice",
    "draws.draw": "fas fa-dice-d20",
    "draws.award": "fas fa-trophy",
    "whatsapp": "fas fa-comments",
    "whatsapp.contact": "fas fa-address-book",
    "whatsapp.outboundmessage": "fas fa-paper-plane",
    "whatsapp.inboundevent": "fas fa-message",
    "whatsapp.messagetemplate": "fas fa-stamp",
    "whatsapp.businessnumber": "fas fa-tower-broadcast",
    "hooks": "fas fa-plug",
    "hooks.subscription": "fas fa-plug",
    "hooks.delivery": "fas fa-share",
    "auth": "fas fa-users-gear",
    "auth.user": "fas fa-user",
    "api": "fas fa-plug",
    "api.token": "fas fa-ticket-alt",
    "auth.group": "fas fa-users",
    "audit": "fas fa-scroll",
    "audit.auditentry": "fas fa-scroll",
}

JAZZMIN_SETTINGS: dict[str, Any] = {
    "site_title": _("Raffle desk"),
    "site_header": _("Raffle desk"),
    "site_brand": _("Raffle desk"),
    "welcome_sign": _("Sign in to the raffle desk"),
    "copyright": _("Raffle desk"),
    "site_logo": "desk/logo.svg",
    "site_icon": "desk/logo.svg",
    "site_logo_classes": "desk-logo",
    "custom_css": "desk/desk.css",
    "use_google_fonts_cdn": False,
    "show_ui_builder": False,
    "language_chooser": True,
    "search_model": ["sales.Order"],
    "topmenu_links": [
        {
            "name": _("Dashboard"),
            "url": "/admin/dashboard/",
            "permissions": ["sales.view_payment", "whatsapp.view_outboundmessage"],
        },
        {
            "name": _("Payment desk"),
            "url": "/admin/desk/",
            "permissions": ["sales.view_order", "sales.view_paymentproof"],
        },
    ],
    "usermenu_links": [
        {"name": _("Second factor"), "url": "/admin/second-factor/", "icon": "fas fa-key"},
    ],
    "navigation_expanded": True,
    "custom_links": {
        "desk": [
            {
                "name": _("Payment desk"),
                "url": "/admin/desk/",
                "icon": "fas fa-inbox",
                "permissions": ["sales.view_order", "sales.view_paymentproof"],
            }
        ]
    },
    "order_with_respect_to": [
        "desk",
        # The desk itself comes first; the theme knows a link by its name of the language that is read.
        _("Payment desk"),
        "desk.staffnotification",
        "desk.destination",
        "desk.digest",
        "sales",
        "sales.order",
        "sales.paymentproof",
        "sales.payment",
        "sales.refund",
        "sales.creditentry",
        "sales.player",
        "raffles",
        "raffles.raffle",
        "raffles.ticket",
        "draws",
        "draws.draw",
        "draws.award",
        "whatsapp",
        "whatsapp.contact",
        "whatsapp.outboundmessage",
        "whatsapp.inboundevent",
        "whatsapp.messagetemplate",
        "whatsapp.businessnumber",
        "api",
        "api.token",
        "hooks",
        "hooks.subscription",
        "hooks.delivery",
        "auth",
        "auth.user",
        "auth.group",
        "audit",
    ],
    "icons": ICONS,
    "default_icon_parents": "fas fa-folder",
    "default_icon_children": "fas fa-circle",
    "changeform_format": "single",
    "related_modal_active": False,
}

# The default theme only: several of the others load a font from elsewhere.
JAZZMIN_UI_TWEAKS: dict[str, Any] = {
    "theme": "default",
    "default_theme_mode": "auto",
    "navbar": "navbar-white navbar-light",
    "sidebar": "sidebar-dark-primary",
    "navbar_fixed": True,
    "sidebar_fixed": True,
    "accent": "accent-primary",
    "button_classes": {
        "primary": "btn-primary",
        "secondary": "btn-outline-secondary",
        "info": "btn-outline-primary",
        "warning": "btn-warning",
        "danger": "btn-danger",
        "success": "btn-success",
    },
}
