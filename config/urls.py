from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("whatsapp/", include("whatsapp.urls")),
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
    path("health/", health),
]

if settings.SIMULATOR:
    urlpatterns.append(path("simulator/", include("whatsapp.simulator.urls")))
