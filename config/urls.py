from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from config.dashboard.page import view as dashboard
from config.health import health, health_check, live, ready

urlpatterns: list[URLPattern | URLResolver] = [
    path("whatsapp/", include("whatsapp.urls")),
    path("admin/desk/", include("raffles.desk.pages.urls")),
    path("admin/dashboard/", dashboard, name="dashboard"),
    path("admin/", include("config.people.urls")),
    path("admin/evidence/", include("raffles.evidence.pages.urls")),
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
    path("health/", health),
    re_path(r"^health/live/?$", live),
    re_path(r"^health/ready/?$", ready),
    path("api/health-check/", health_check),
    path("api/", include("config.api")),
]

if settings.SIMULATOR:
    urlpatterns.append(path("simulator/", include("whatsapp.simulator.urls")))
