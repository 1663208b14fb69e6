"""Settings, read from the environment or `.env`; docs/operations.md says what each is for."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from config import env, stores
from config.api_document import SPECTACULAR_SETTINGS  # noqa: F401 - drf-spectacular reads them here
from config.jazzmin import JAZZMIN_SETTINGS, JAZZMIN_UI_TWEAKS  # noqa: F401 - the admin reads them here
from config.logs import LOGGING  # noqa: F401 - Django reads it here
from config.people.roles import ROLES
from config.production import refuse_unsafe_production

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG", default=False)
SIMULATOR = env.flag("SIMULATOR", default=False)
SIMULATOR_COURIER = True
# What is played never shares a folder with what is real.
VAR_DIR = BASE_DIR / "var" / "demo" if SIMULATOR else BASE_DIR / "var"

SECRET_KEY = env.own("SECRET_KEY", debug=DEBUG)
SECRET_KEY_FALLBACKS = env.old_secrets("SECRET_KEY_FALLBACKS", shortest=50)
SITE_URL = env.site_url("SITE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "raffles.pages.views.mishaps.outdated_form"
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
HEALTH_CHECK_TOKEN = env.token("HEALTH_CHECK_TOKEN", shortest=16)

WHATSAPP_APP_SECRETS = env.own_words("WHATSAPP_APP_SECRET", debug=DEBUG)
WHATSAPP_VERIFY_TOKEN = env.own("WHATSAPP_VERIFY_TOKEN", debug=DEBUG)
WHATSAPP_ACCESS_TOKEN = env.own("WHATSAPP_ACCESS_TOKEN", debug=DEBUG)
WHATSAPP_PHONE_NUMBER_ID = env.own_number("WHATSAPP_PHONE_NUMBER_ID", debug=DEBUG)
WHATSAPP_BUSINESS_ACCOUNT_ID = env.own_number("WHATSAPP_BUSINESS_ACCOUNT_ID", debug=DEBUG)
WHATSAPP_GRAPH_VERSION = env.graph_version("WHATSAPP_GRAPH_VERSION", "v25.0")
WHATSAPP_GRAPH_URL = env.address(
    "WHATSAPP_GRAPH_URL", f"{SITE_URL}/simulator/graph" if SIMULATOR else "https://graph.facebook.com"
)
# The number that people write to, for links of the public pages; without it they show none.
WHATSAPP_PUBLIC_NUMBER = env.phone_number("WHATSAPP_PUBLIC_NUMBER")
CHAT_LINK = f"https://wa.me/{WHATSAPP_PUBLIC_NUMBER}?text={{text}}" if WHATSAPP_PUBLIC_NUMBER else ""
if SIMULATOR:
    CHAT_LINK = "/simulator/?text={text}"
# Meta's limit for a number, in and out together; it rises to 1,000 by itself.
WHATSAPP_MESSAGES_PER_SECOND = env.whole_number(
    "WHATSAPP_MESSAGES_PER_SECOND", default=80, lowest=2, highest=1000
)
WHATSAPP_READ_SECONDS = env.whole_number("WHATSAPP_READ_SECONDS", default=30, lowest=1, highest=60)
# What happens within so short a time is one nudge of the queue, and one claim of messages.
NUDGE_PAUSE_SECONDS = 0.03

# How long news for staff is collected before it leaves as one message.
STAFF_DIGEST_SECONDS = env.whole_number("STAFF_DIGEST_SECONDS", default=30, lowest=1, highest=3600)
# When set, it hears what every webhook would have heard, and they hear nothing.
STAFF_TEST_WEBHOOK_URL = env.optional_address("STAFF_TEST_WEBHOOK_URL")
STAFF_WEBHOOKS_LIVE = not DEBUG
STAFF_WEBHOOKS_LOCAL = DEBUG
# Who hears of a webhook that was switched off because its receiver is gone or failed for days.
HOOKS_STOPPED = "config.webhook_alerts.tell_staff"
STAFF_CHANNELS = {
    "WEBHOOK": "raffles.desk.alerts.webhook.post",
    "WHATSAPP": "whatsapp.staff_alerts.tell",
}

# What is sold and paid is told to machines of others; a copy for trying tells this machine only.
HOOKS_LOCAL = DEBUG

HOLD_MINUTES = env.whole_number("HOLD_MINUTES", default=15, lowest=1, highest=10_080)
TIME_ZONE = env.time_zone("TIME_ZONE", "America/Asuncion")
LANGUAGES = [("es", "Español"), ("pt-br", "Português (Brasil)"), ("en", "English")]
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "es", tuple(code for code, _ in LANGUAGES))
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = env.folder("MEDIA_ROOT", VAR_DIR / "media", published=STATIC_ROOT)
DB_POOL = env.whole_number("DB_POOL", default=0, lowest=0, highest=100)
PGBOUNCER = env.flag("PGBOUNCER", default=False)
DATABASES = {
    "default": stores.database(
        "DATABASE_URL", stores.sqlite_url(VAR_DIR / "db.sqlite3"), pool=DB_POOL, pgbouncer=PGBOUNCER
    )
}
HUEY = stores.queue(
    "HUEY_URL",
    stores.sqlite_url(VAR_DIR / "queue.sqlite3"),
    bouncer=DATABASES["default"] if PGBOUNCER else None,
)

INSTALLED_APPS = [
    "jazzmin",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "huey.contrib.djhuey",
    "raffles.audit",
    "raffles.sales",
    "raffles.draws",
    "raffles.numbers",
    "raffles.evidence",
    "raffles.desk",
    "raffles.api",
    "raffles.hooks",
    "raffles.pages",
    "whatsapp",
    "axes",
    "allauth.account",
    "allauth.mfa",
    *(["whatsapp.simulator"] if SIMULATOR else []),
    "config",
]

MIDDLEWARE = [
    "whatsapp.webhook.straight_to_webhook",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.people.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

FORM_RENDERER = "config.looks.BoxedFields"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
USE_I18N = True
# A webhook address is registered once with Meta; a redirect to add a slash would lose its POSTs.
APPEND_SLASH = True
# Meta sends up to 3 MB in one POST; Django's own limit of 2.5 MB would refuse it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LOCALE_PATHS = [
    BASE_DIR / "config" / "locale",
    *sorted((BASE_DIR / "raffles").glob("*/locale")),
    BASE_DIR / "whatsapp" / "locale",
]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    # No URL: proofs and players' photos are read through views that check permission.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"base_url": None}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static_files.WithFolders"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
        "config.people.passwords.NotTheNameWithALittleMore",
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Signing in: five wrong passwords or codes from one address with one name, then a pause.
LOCKOUT_MINUTES = env.whole_number("LOCKOUT_MINUTES", default=15, lowest=1, highest=1440)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = "config.people.lockout.cool_off"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "config.people.lockout.hashed_name"
AXES_CLIENT_IP_CALLABLE = "raffles.api.addresses.counted_address"
AXES_LOCKOUT_CALLABLE = "config.people.lockout.told_to_wait"
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code", "next", "csrfmiddlewaretoken"]
# Our own log tells of it, and keeps neither addresses nor names that are nobody's.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Who is in one of these groups decides about money only with a second factor.
SECOND_FACTOR_GROUPS = env.some_of("SECOND_FACTOR_GROUPS", tuple(ROLES))
MFA_ADAPTER = "config.people.second_factor.SealedAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Raffle desk"

# Who hears a fact of the business (raffles.sales.notices); each writes rows and does nothing else.
RAFFLES_LISTENERS = [
    "raffles.evidence.listeners.hear",
    "raffles.desk.listeners.hear",
    "raffles.hooks.listeners.hear",
    "raffles.desk.listeners.hand_over",
    "raffles.draws.listeners.hear",
    "whatsapp.contacts.hear",
    "whatsapp.notices.hear",
    "whatsapp.notices.hear_of_receipt",
]

# The public beacon of draws, and where its rounds are got from.
DRAW_CHAIN = env.choice("DRAW_CHAIN", "demo" if SIMULATOR else "quicknet", ("quicknet", "demo"))
DRAND_URLS = env.addresses(
    "DRAND_URLS",
    f"{SITE_URL}/simulator/drand" if SIMULATOR else "https://api.drand.sh,https://drand.cloudflare.com",
)
DRAND_FILE = env.recorded_rounds("DRAND_FILE")

# Who hears a fact of a draw (raffles.draws.notices).
DRAW_LISTENERS = [
    "raffles.desk.draw_listeners.hear",
    "raffles.hooks.listeners.hear_of_draw",
    "whatsapp.draw_notices.hear",
]

# How the public pages count wrong codes of orders, and for whom; the room of the API keeps such counts.
PAGES_COUNT = "raffles.api.quotas.ask"
PAGES_USED_UP = "raffles.api.quotas.is_used_up"
PAGES_ADDRESS = "raffles.api.addresses.counted_address"

# Calls and seconds: of one program or person, and of one address that shows no token.
API_RATE = env.rate("API_RATE", "600/min")
API_RATE_ANONYMOUS = env.rate("API_RATE_ANONYMOUS", "60/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "raffles.api.handler.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
    "DATETIME_FORMAT": "iso-8601",
}
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    # Not SECRET_KEY itself: what signs sessions signs no tokens.
    "SIGNING_KEY": hashlib.sha256(b"api access:" + SECRET_KEY.encode()).hexdigest(),
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "AUTH_HEADER_TYPES": ("Bearer",),
    # A new password ends what the old one opened.
    "CHECK_REVOKE_TOKEN": True,
    "UPDATE_LAST_LOGIN": False,
}

X_FRAME_OPTIONS = "SAMEORIGIN"  # Jazzmin opens related objects in a frame of its own
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # asks for DENY, which would leave those frames empty
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if not DEBUG:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

refuse_unsafe_production(globals())
