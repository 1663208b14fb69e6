"""The door of the API for people: name and password, and the code of who has a second factor."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.exceptions import TokenError

from config.people.lockout import count_wrong_code, is_locked_out, seconds_shut
from config.people.second_factor import has_factor, take_code
from raffles.api.door import PublicDoor
from raffles.api.errors import AppTokenRefused
from raffles.api.serializing import PlainText, Strict
from raffles.api.sessions import end, first_pair, next_pair


class SignInFailed(AuthenticationFailed):
    """One answer for every cause, so that nobody learns which names there are."""

    default_detail = _("Name, password or code are wrong.")
    default_code = "sign_in_failed"


class LockedOut(Throttled):
    """The same whether or not there is such a user, and whatever is shown meanwhile."""

    default_detail = _("Too many wrong tries. For a while nobody can sign in from here with this name.")
    default_code = "locked_out"


class SignIn(Strict):
    username = PlainText(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    code = PlainText(max_length=20, required=False, help_text="Of whoever has a second factor.")


class Refresh(Strict):
    refresh = PlainText(max_length=2000)


class Pair(serializers.Serializer[Any]):
    access = serializers.CharField(help_text="Sent as `Authorization: Bearer …`; good for ten minutes.")
    refresh = serializers.CharField(help_text="Buys the next pair, once; good for fourteen days.")


def _given(serializer: type[Strict], request: Request) -> dict[str, Any]:
    sent = serializer(data=request.data)
    sent.is_valid(raise_exception=True)
    words: dict[str, Any] = sent.validated_data
    return words


class AppSignIn(PublicDoor):
    answers = ("sign_in_failed", "locked_out")

    @extend_schema(request=SignIn, responses=Pair, operation_id="auth_sign_in", auth=[], summary="Sign in")
    @method_decorator(sensitive_variables("words"))
    def post(self, request: Request) -> Response:
        """Two tokens for a person in an app. Only staff have an account here.

        Tried too often with one name from one address it is shut for as long as `Retry-After` says.
        """
        words, http = _given(SignIn, request), request._request
        user: Any = authenticate(http, username=words["username"], password=words["password"])
        if user is None:
            raise _refused(http, words["username"])
        shown = self._shown_factor(http, user, words.get("code", ""))
        return Response(first_pair(user, second_factor=shown, now=timezone.now()))

    def _shown_factor(self, http: HttpRequest, user: User, code: str) -> bool:
        """What is wrong here counts as a wrong password does: who is never shut out has guessed one."""
        has_one = has_factor(user)
        if has_one and is_locked_out(http, user):  # by codes that were tried at the same time
            raise LockedOut(wait=seconds_shut(http, user.get_username()))
        if not user.is_staff or (has_one and not take_code(user, code, timezone.now())):
            count_wrong_code(http, user)
            raise _refused(http, user.get_username())
        return has_one


def _refused(http: Any, user_name: str) -> APIException:
    """The pages of the admin answer a lock-out with a page, which is not for programs."""
    is_shut, http.axes_locked_out = getattr(http, "axes_locked_out", False), False
    return LockedOut(wait=seconds_shut(http, user_name)) if is_shut else SignInFailed()


class AppRefresh(PublicDoor):
    answers = ("token_not_valid",)

    @extend_schema(
        request=Refresh,
        responses=Pair,
        operation_id="auth_refresh",
        auth=[],
        summary="Take the next pair of tokens",
    )
    def post(self, request: Request) -> Response:
        """A refresh token is good once. Shown again, it closes its session: somebody has a copy."""
        try:
            return Response(next_pair(_given(Refresh, request)["refresh"], timezone.now()))
        except TokenError:
            raise AppTokenRefused from None


class AppSignOut(PublicDoor):
    answers = ("token_not_valid",)

    @extend_schema(
        request=Refresh, responses={204: None}, operation_id="auth_sign_out", auth=[], summary="Sign out"
    )
    def post(self, request: Request) -> Response:
        """Closes the session, with every token that came of it. A token that is no good closes nothing."""
        try:
            end(_given(Refresh, request)["refresh"], timezone.now())
        except TokenError:
            raise AppTokenRefused from None
        return Response(status=204)
