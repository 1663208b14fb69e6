from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from config import demo_beacon
from config.dashboard.page import view as dashboard
from config.health import health, health_check, live, ready

urlpatterns: list[URLPattern | URLResolver] = [
    path("whatsapp/", include("whatsapp.urls")),
    path("admin/desk/", include("raffles.desk.pages.urls")),
    path("admin/dashboard/", dashboard, name="dashboard"),
    path("admin/", include("config.people.urls")),
    path("admin/evidence/", include("raffles.evidence.pages.urls")),
    path("admin/draws/", include("raffles.draws.urls")),
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
    path("health/", health),
    re_path(r"^health/live/?$", live),
    re_path(r"^health/ready/?$", ready),
    path("api/health-check/", health_check),
    path("api/", include("config.api")),
]

if settings.SIMULATOR:
    urlpatterns += [
        path("simulator/drand/<str:chain>/public/latest", demo_beacon.answer),
        path("simulator/drand/<str:chain>/public/<int:round_number>", demo_beacon.answer),
        path("simulator/", include("whatsapp.simulator.urls")),
    ]

# What anybody may see comes last: no address of it gets in the way of another door.
urlpatterns.append(path("", include("raffles.pages.urls")))

handler400 = "raffles.pages.views.mishaps.bad_request"
handler403 = "raffles.pages.views.mishaps.forbidden"
handler404 = "raffles.pages.views.mishaps.not_found"
handler500 = "raffles.pages.views.mishaps.failed"
