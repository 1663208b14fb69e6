"""Meta, played in processes and on rows of its own: nothing of the product is installed here."""

import os
from pathlib import Path

from config import env

REHEARSAL_FOLDER = Path(os.environ["REHEARSAL_FOLDER"])
DEBUG = False
SIMULATOR = False
SIMULATOR_COURIER = True
SECRET_KEY = env.DEVELOPMENT["SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
TIME_ZONE = "UTC"
ROOT_URLCONF = "config.rehearsal.meta_urls"
INSTALLED_APPS = ["whatsapp.simulator"]
MIDDLEWARE = ["config.rehearsal.held_answers.HeldAnswers"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The product's door, where the courier knocks.
SITE_URL = os.environ["REHEARSAL_SITE_URL"]
WHATSAPP_APP_SECRETS = (env.DEVELOPMENT["WHATSAPP_APP_SECRET"],)
WHATSAPP_ACCESS_TOKEN = env.DEVELOPMENT["WHATSAPP_ACCESS_TOKEN"]
WHATSAPP_VERIFY_TOKEN = env.DEVELOPMENT["WHATSAPP_VERIFY_TOKEN"]
WHATSAPP_PHONE_NUMBER_ID = env.DEVELOPMENT["WHATSAPP_PHONE_NUMBER_ID"]
WHATSAPP_BUSINESS_ACCOUNT_ID = env.DEVELOPMENT["WHATSAPP_BUSINESS_ACCOUNT_ID"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(REHEARSAL_FOLDER / "meta.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # Meta outlives every crash that is played here; only a power cut could hurt these rows.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
        },
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
