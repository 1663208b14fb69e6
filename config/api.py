"""All of /api/: what each room offers, and the document that describes it."""

from __future__ import annotations

from django.urls import include, path, re_path

from config.api_pages import Docs, Document, Nowhere, Redoc
from config.people.app_sign_in import AppRefresh, AppSignIn, AppSignOut
from raffles.api.urls import router
from whatsapp.api.urls import router as of_whatsapp

routes = [
    *router.urls,
    *of_whatsapp.urls,
    path("auth/sign-in/", AppSignIn.as_view(), name="sign-in"),
    path("auth/refresh/", AppRefresh.as_view(), name="refresh"),
    path("auth/sign-out/", AppSignOut.as_view(), name="sign-out"),
]
pages = [
    path("schema/", Document.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    path("redoc/", Redoc.as_view(), name="redoc"),
]

# /api/v1/ is the address; /api/ the same, for those who wrote it down without a version.
urlpatterns = [
    path("v1/", include(([*routes, *pages], "api"), namespace="api")),
    path("", include((routes, "api"), namespace="api-unversioned")),
    re_path(r"^(?!health-check$)", Nowhere.as_view()),
]
