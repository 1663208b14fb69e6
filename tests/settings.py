"""The product's own settings with a test environment; DATABASE_URL and HUEY_URL decide the services."""

import atexit
import os
import tempfile
from pathlib import Path

import decouple

# A folder of its own for each process, with the `.env` that counts: parallel workers share no file.
_scratch_folder = tempfile.TemporaryDirectory(prefix="raffles-test-", ignore_cleanup_errors=True)
# Removes the folder made on the line above and nothing else: no setting takes part in naming what is deleted.
atexit.register(_scratch_folder.cleanup)
_scratch = Path(_scratch_folder.name)
(_scratch / ".env").write_text(
    f"DATABASE_URL=sqlite:///{_scratch}/db.sqlite3\nHUEY_URL=sqlite:///{_scratch}/queue.sqlite3\n"
)
decouple.config.search_path = _scratch
os.environ.update(
    {
        "DEBUG": "1",
        "SIMULATOR": "1",
        "SECRET_KEY": "test-secret-key-that-is-long-enough-for-anything",
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "BEHIND_PROXY": "0",
        "MEDIA_ROOT": str(_scratch / "media"),
        "TIME_ZONE": "America/Asuncion",
        "LANGUAGE_CODE": "es",
        "HOLD_MINUTES": "15",
        "WHATSAPP_APP_SECRET": "test-app-secret,old-app-secret",
        "WHATSAPP_VERIFY_TOKEN": "test-verify-token",
        "WHATSAPP_ACCESS_TOKEN": "test-access-token",
        "WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
        "WHATSAPP_BUSINESS_ACCOUNT_ID": "200000000000002",
        "WHATSAPP_GRAPH_URL": "http://127.0.0.1:8000/simulator/graph",
        "WHATSAPP_GRAPH_VERSION": "v25.0",
        "WHATSAPP_PUBLIC_NUMBER": "",
        # The pace is looked at where it is tested; elsewhere it would only cost time.
        "WHATSAPP_MESSAGES_PER_SECOND": "1000",
        "WHATSAPP_READ_SECONDS": "30",
    }
)
_redis, _, _number = os.environ.get("HUEY_URL", "").rpartition("/")
if _redis.startswith("redis://"):
    # A Redis database of its own for each parallel worker.
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["HUEY_URL"] = f"{_redis}/{(int(_number) + _worker) % 16}"

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, INSTALLED_APPS  # noqa: E402

DEBUG = False
SIMULATOR_COURIER = False
NUDGE_PAUSE_SECONDS = 0
INSTALLED_APPS += ["tests.second_kind"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A server's thread outlives its request while the client keeps the line open; its connection must not.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# A file, not memory: threads and the live server must meet in one database, as web and worker do.
DATABASES["default"].setdefault("TEST", {})
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"]["NAME"] = str(_scratch / "test.sqlite3")
else:
    # Nothing of a test has to outlive a crash of the server: no commit waits for the disk.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
