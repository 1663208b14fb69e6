"""What staff open once they have signed in, from a process that runs as where money moves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.contrib import admin
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.contrib.auth.models import User
from django.urls import reverse
from pytest_django import Settings

from config.env import ROOT
from config.static_files import WithFolders
from raffles.numbers.models import Raffle
from raffles.sales.models import Order
from tests.factories import make_order, make_raffle
from tests.production.stage import Site, running, wait_for_web
from tests.project.environment import NAMES, PRODUCTION

PASSWORD = "cuatro-caballos-verdes"
OWN = re.compile(r"""(?:href|src)=["'](/static/[^"'?]+)""")
THEME = re.compile(r'data-theme-base="([^"]+)"')
KEPT = ("DATABASE_URL", "HUEY_URL", "MEDIA_ROOT")


class RealSite(Site):
    """Behind a proxy, with every secret its own and its static files collected."""

    def __init__(self, folder: Path, static_root: Path) -> None:
        super().__init__(folder, queue_url=f"sqlite:///{folder}/queue.sqlite3")
        kept = {name: self.environment[name] for name in KEPT}
        self.environment = real(static_root) | kept


def real(static_root: Path) -> dict[str, str]:
    around = {name: value for name, value in os.environ.items() if name not in NAMES}
    module = {"DJANGO_SETTINGS_MODULE": "tests.production.real_settings", "BEHIND_PROXY": "1"}
    return around | PRODUCTION | module | {"TEST_STATIC_ROOT": str(static_root)}


def visitor() -> requests.Session:
    """As the proxy asks for somebody."""
    session = requests.Session()
    told = {"Host": "raffles.example", "X-Forwarded-Proto": "https", "Referer": PRODUCTION["SITE_URL"]}
    session.headers.update(told)
    return session


def carry_cookies(session: requests.Session) -> None:
    """The proxy speaks plainly to the site, and a cookie for https only would stay at home."""
    session.headers["Cookie"] = "; ".join(f"{one.name}={one.value}" for one in session.cookies)


@pytest.fixture(scope="module")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("static")
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=real(found), check=True)
    return found


@pytest.fixture
def site(transactional_db: None, tmp_path: Path, static_root: Path) -> Iterator[RealSite]:
    found = RealSite(tmp_path, static_root)
    web = found.web()
    with running(web):
        wait_for_web(found, web)
        yield found


@pytest.fixture
def boss(transactional_db: None) -> User:
    """The tests' own hasher is one that a real site does not know."""
    password = make_password(PASSWORD, hasher=PBKDF2PasswordHasher())
    return User.objects.create(username="ana", password=password, is_staff=True, is_superuser=True)


def sign_in(site: RealSite) -> requests.Session:
    session, door = visitor(), f"{site.address}/admin/login/"
    session.get(door, timeout=30)
    carry_cookies(session)
    given = {"username": "ana", "password": PASSWORD, "csrfmiddlewaretoken": session.cookies["csrftoken"]}
    answer = session.post(door, given, timeout=30, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    carry_cookies(session)
    return session


def addresses(raffle: Raffle, order: Order) -> list[str]:
    around = ["/admin/", "/admin/desk/", "/admin/dashboard/", "/admin/second-factor/"]
    around += ["/admin/password_change/", "/api/v1/docs/", "/api/v1/redoc/", "/"]
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    rows = [("raffles_raffle", raffle.pk), ("sales_order", order.pk)]
    return [*around, *lists, *(reverse(f"admin:{name}_change", args=[key]) for name, key in rows)]


@pytest.mark.usefixtures("boss")
def test_every_page_of_staff_opens_and_all_that_it_loads_is_there(site: RealSite) -> None:
    raffle = make_raffle()
    order = make_order(raffle=raffle, status="UNDER_REVIEW")
    session, loaded = sign_in(site), set[str]()
    answered: dict[str, int] = {}
    for address in addresses(raffle, order):
        page = session.get(f"{site.address}{address}", timeout=30, allow_redirects=False)
        answered[address] = page.status_code
        loaded |= {*OWN.findall(page.text)}
        loaded |= {f"{base}/flatly/bootstrap.min.css" for base in THEME.findall(page.text)}
    answered |= {one: session.get(f"{site.address}{one}", timeout=30).status_code for one in loaded}
    assert {address: status for address, status in answered.items() if status != 200} == {}
    assert len(loaded) > 20


def test_a_file_that_is_not_there_is_still_a_mistake(static_root: Path, settings: Settings) -> None:
    settings.DEBUG = False
    collected = WithFolders(location=static_root, base_url="/static/")
    assert collected.url("vendor/bootswatch") == "/static/vendor/bootswatch"
    assert re.fullmatch(r"/static/desk/desk\.[0-9a-f]{12}\.css", collected.url("desk/desk.css"))
    for missing in ("vendor/bootswatc", "desk/nothing.css"):
        with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
            collected.url(missing)
