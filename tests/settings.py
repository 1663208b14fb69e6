"""The product's own settings with a test environment; DATABASE_URL decides the database."""

import os
import tempfile
from pathlib import Path

_scratch = Path(tempfile.mkdtemp(prefix="raffles-test-"))
os.environ.update(
    {
        "DEBUG": "1",
        "SIMULATOR": "1",
        "SECRET_KEY": "test-secret-key-that-is-long-enough-for-anything",
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "MEDIA_ROOT": str(_scratch / "media"),
        "HUEY_URL": f"sqlite:///{_scratch}/queue.sqlite3",
        "TIME_ZONE": "America/Asuncion",
        "LANGUAGE_CODE": "es",
        "HOLD_MINUTES": "15",
        "WHATSAPP_APP_SECRET": "test-app-secret,old-app-secret",
        "WHATSAPP_VERIFY_TOKEN": "test-verify-token",
        "WHATSAPP_ACCESS_TOKEN": "test-access-token",
        "WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
        "WHATSAPP_BUSINESS_ACCOUNT_ID": "200000000000002",
        "WHATSAPP_GRAPH_URL": "http://127.0.0.1:8000/simulator/graph",
    }
)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_scratch}/db.sqlite3")

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

DEBUG = False
SIMULATOR_COURIER = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, not memory: threads and the live server must meet in one database, as web and worker do.
DATABASES["default"].setdefault("TEST", {})
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"]["NAME"] = str(_scratch / "test.sqlite3")
