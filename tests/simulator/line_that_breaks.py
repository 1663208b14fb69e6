"""A site of nothing but broken answers, for a real server."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path

from whatsapp.simulator import broken_answers

FILE = b"\x89PNG" * 50_000


def lost(request: HttpRequest) -> HttpResponseBase:
    return broken_answers.hang_up(request)


def cut(request: HttpRequest) -> HttpResponseBase:
    return broken_answers.cut_short(request, FILE, "image/png")


def slow(_request: HttpRequest) -> HttpResponseBase:
    return broken_answers.trickle(FILE, "image/png", seconds=0.1)


def whole(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


urlpatterns = [path("lost", lost), path("cut", cut), path("slow", slow), path("whole", whole)]

if not settings.configured:
    settings.configure(
        DEBUG=False, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="of-no-use"
    )
    application = get_wsgi_application()
