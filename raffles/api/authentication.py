"""`Authorization: Token …` of programs, `Authorization: Bearer …` of people in an app."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import TokenError

from raffles.api.addresses import client_address
from raffles.api.errors import AppTokenRefused, TokenRefused, TokenUnknown
from raffles.api.models import Client, Token
from raffles.api.scopes import Scope
from raffles.api.sessions import open_session
from raffles.api.tokens import comes_from, is_good, note_use, token_of

OF_PEOPLE = (Scope.STAFF_ALL, Scope.AWARDS_READ, Scope.AWARDS_WRITE)


@dataclass(frozen=True)
class Grant:
    """What the caller showed. A person in an app has every scope of staff, and their own rights below it."""

    scopes: Collection[str]
    client: Client | None = None
    token: Token | None = None

    @property
    def owner(self) -> str:
        """Names the caller to quotas and kept answers; a rotated token is still the same caller."""
        return f"client:{self.client.pk}" if self.client else ""


class TokenAuthentication(BaseAuthentication):
    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, Grant] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        token = token_of(_decoded(words[1])) if len(words) == 2 else None
        if token is None:
            raise TokenUnknown
        return _admitted(token, request)

    def authenticate_header(self, _request: Request) -> str:
        return self.keyword


class AppAuthentication(JWTAuthentication):
    """A person has every scope of staff, and behind it their own rights. Buyers have no account here."""

    def authenticate(self, request: Request) -> Any:
        try:
            found = super().authenticate(request)
            if found is None:
                return None
            session = open_session(found[1])
        except (TokenError, AuthenticationFailed):
            raise AppTokenRefused from None
        user: Any = found[0]
        user.has_shown_second_factor = session.second_factor
        return user, Grant(scopes=OF_PEOPLE if user.is_staff else ())


def _decoded(word: bytes) -> str:
    return word.decode("latin-1")


def _admitted(token: Token, request: Request) -> tuple[User, Grant]:
    now = timezone.now()
    if not is_good(token, now) or not comes_from(token.networks, client_address(request) or ""):
        raise TokenRefused
    note_use(token, now)
    user: Any = token.client.user
    # Whoever made the token had shown it; a program has no telephone.
    user.has_shown_second_factor = True
    return user, Grant(scopes=tuple(token.scopes), client=token.client, token=token)
