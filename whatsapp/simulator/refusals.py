import secrets
from dataclasses import dataclass

from .shapes import Json

TITLES = {
    1: "An unknown error occurred",
    100: "Invalid parameter",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131021: "Recipient cannot be the sender",
    131026: "Message undeliverable",
    131047: "Re-engagement message",
    131050: "User stopped marketing messages",
    131051: "Unsupported message type",
    131053: "Media upload error",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132005: "Translated text too long",
    132012: "Parameter format does not match format in the created template",
    132015: "Template is paused",
    132018: "There is an issue with the parameters of the template",
}


@dataclass
class GraphRefusal(Exception):
    code: int
    details: str = ""
    http_status: int = 400
    type: str = "OAuthException"
    message: str = ""

    def body(self) -> Json:
        error: Json = {"message": self.message or self._message(), "type": self.type, "code": self.code}
        if self.details and not self.message:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return {"error": error}

    def _message(self) -> str:
        return f"(#{self.code}) {TITLES[self.code]}"


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


def unknown_path(path: str) -> GraphRefusal:
    return GraphRefusal(2500, message=f"Unknown path components: /{path}")


def status_error(code: int, details: str) -> Json:
    return {
        "code": code,
        "title": TITLES[code],
        "message": TITLES[code],
        "error_data": {"details": details},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }
