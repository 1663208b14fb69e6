"""The settings file read again under an environment of the test's own."""

from __future__ import annotations

import runpy
from typing import Any

import decouple
import pytest

from config.env import ROOT

NAMES = {
    *(
        "DEBUG",
        "SIMULATOR",
        "SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
        "SITE_URL",
        "ALLOWED_HOSTS",
        "BEHIND_PROXY",
    ),
    *("TIME_ZONE", "LANGUAGE_CODE", "HOLD_MINUTES", "DATABASE_URL", "HUEY_URL", "MEDIA_ROOT"),
    *("STAFF_DIGEST_SECONDS", "STAFF_TEST_WEBHOOK_URL"),
    *("LOCKOUT_MINUTES", "SECOND_FACTOR_GROUPS", "API_RATE", "API_RATE_ANONYMOUS"),
    *("DRAW_CHAIN", "DRAND_URLS", "DRAND_FILE"),
    *("DB_POOL", "PGBOUNCER", "HEALTH_CHECK_TOKEN"),
    *("WHATSAPP_MESSAGES_PER_SECOND", "WHATSAPP_READ_SECONDS"),
    *("WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_ACCESS_TOKEN", "WHATSAPP_PHONE_NUMBER_ID"),
    *("WHATSAPP_BUSINESS_ACCOUNT_ID", "WHATSAPP_GRAPH_URL", "WHATSAPP_GRAPH_VERSION"),
    "WHATSAPP_PUBLIC_NUMBER",
}

PRODUCTION = {
    "DEBUG": "0",
    "SIMULATOR": "0",
    "SITE_URL": "https://raffles.example",
    "SECRET_KEY": "Zr8xV2mWc7Yb4Ns6Kd3Hg1Jf0LpQeUoRiTaXwMzBvCyDn-9tq5Wm",
    "WHATSAPP_APP_SECRET": "1f0c6f9b2a",
    "WHATSAPP_VERIFY_TOKEN": "a word of ours",
    "WHATSAPP_ACCESS_TOKEN": "EAAG1",
    "WHATSAPP_PHONE_NUMBER_ID": "1055501",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "2066602",
}


def read_settings(patch: pytest.MonkeyPatch, environment: dict[str, str]) -> dict[str, Any]:
    patch.setattr(decouple.config, "config", decouple.Config(decouple.RepositoryEmpty()))
    for name in NAMES:
        patch.delenv(name, raising=False)
    for name, value in environment.items():
        patch.setenv(name, value)
    return runpy.run_path(str(ROOT / "config" / "settings.py"))
