import os

from django.core.asgi import get_asgi_application

from config.charsets import AsyncTextOnly
from config.env import BadSetting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
try:
    application = AsyncTextOnly(get_asgi_application())
except BadSetting as error:
    raise SystemExit(str(error)) from None
