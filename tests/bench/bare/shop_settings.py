"""The product's rows and actions without its doors: no middleware, no rights, no quota."""

from config.rehearsal.settings import *  # noqa: F403
from config.rehearsal.settings import DATABASES as PRODUCT_ROWS
from config.rehearsal.settings import INSTALLED_APPS as PRODUCT_APPS

ROOT_URLCONF = "tests.bench.bare.shop"
MIDDLEWARE = []
# Those that sign people in insist on middleware of theirs.
INSTALLED_APPS = [name for name in PRODUCT_APPS if not name.startswith(("allauth.", "axes", "config"))]
# A ceiling asks nothing that it need not: not even whether the connection still lives.
DATABASES = {"default": {**PRODUCT_ROWS["default"], "CONN_HEALTH_CHECKS": False}}
