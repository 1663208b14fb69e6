import secrets
from dataclasses import dataclass, field

from .codes import title_of
from .shapes import Json


@dataclass
class GraphRefusal(Exception):
    code: int
    details: str = ""
    http_status: int = 400
    type: str = "OAuthException"
    message: str = ""
    # What was asked for, where it is worth a line in the journal.
    asked: Json = field(default_factory=dict)

    def body(self) -> Json:
        error: Json = {"message": self.message or self._message(), "type": self.type, "code": self.code}
        if self.details and not self.message:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return {"error": error}

    def _message(self) -> str:
        return f"(#{self.code}) {title_of(self.code)}"


def invalid(details: str) -> GraphRefusal:
    return GraphRefusal(131009, details)


def missing(details: str) -> GraphRefusal:
    return GraphRefusal(131008, details)


def wrong_parameter(text: str) -> GraphRefusal:
    return GraphRefusal(100, text, message=f"(#100) {text}")


def no_such_object(object_id: str) -> GraphRefusal:
    return GraphRefusal(
        33,
        type="GraphMethodException",
        message=(
            f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
            "missing permissions, or does not support this operation."
        ),
    )


def bad_token() -> GraphRefusal:
    return GraphRefusal(
        190, http_status=401, message="Invalid OAuth access token - Cannot parse access token"
    )


def expired_token() -> GraphRefusal:
    return GraphRefusal(
        190,
        http_status=401,
        message="Error validating access token: Session has expired on Saturday, 21-Nov-26 00:00:00 PST.",
    )


def unknown_path(path: str) -> GraphRefusal:
    return GraphRefusal(2500, message=f"Unknown path components: /{path}")


def status_error(code: int, details: str) -> Json:
    return {
        "code": code,
        "title": title_of(code),
        "message": title_of(code),
        "error_data": {"details": details},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }
