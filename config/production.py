"""What the settings must not be where money moves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http.request import validate_host

from config.env import DEVELOPMENT, BadSetting, text

# With these the Dockerfile gives static files their names. Nobody can reach that site.
BUILD_KEY = "build-build-build-build-build-build-build-build-build"
BUILD_SITE = "https://build.invalid"


def refuse_unsafe_production(settings: dict[str, Any]) -> None:
    """With DEBUG off real money moves: defaults and the simulator stop the start."""
    if settings["DRAW_CHAIN"] == "demo" and not settings["SIMULATOR"]:
        raise BadSetting("DRAW_CHAIN", "is demo only where SIMULATOR is 1: its key is known to everybody")
    if settings["DEBUG"]:
        return
    if settings["SIMULATOR"]:
        raise BadSetting("SIMULATOR", "must be 0 when DEBUG is 0: it would let anybody play Meta")
    if "*" in settings["ALLOWED_HOSTS"] or not settings["ALLOWED_HOSTS"]:
        raise BadSetting("ALLOWED_HOSTS", "must name the hosts of the site, without *")
    for name in ("SITE_URL", "WHATSAPP_GRAPH_URL"):
        if not settings[name].startswith("https://"):
            raise BadSetting(name, "must begin with https:// when DEBUG is 0")
    _refuse_a_host_of_others(settings)
    _refuse_development_values(settings)


def _refuse_a_host_of_others(settings: dict[str, Any]) -> None:
    """Every link that is sent leads to SITE_URL, where every request would be refused."""
    host = urlsplit(settings["SITE_URL"]).hostname or ""
    if not validate_host(host, settings["ALLOWED_HOSTS"]):
        raise BadSetting("ALLOWED_HOSTS", f"must name {host} too, the host of SITE_URL")


def _refuse_development_values(settings: dict[str, Any]) -> None:
    if settings["SECRET_KEY"] == BUILD_KEY and settings["SITE_URL"] != BUILD_SITE:
        raise BadSetting("SECRET_KEY", "is the published one of the Dockerfile; use one of your own")
    if len(settings["SECRET_KEY"]) < 50:
        raise BadSetting("SECRET_KEY", "must be a secret of your own, 50 characters or more")
    for name, development in DEVELOPMENT.items():
        if development in text(name):
            raise BadSetting(name, "is a development value; use one of your own")
