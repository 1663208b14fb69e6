import os

from django.core.wsgi import get_wsgi_application

from config.charsets import TextOnly
from config.env import BadSetting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
try:
    application = TextOnly(get_wsgi_application())
except BadSetting as error:
    raise SystemExit(str(error)) from None
