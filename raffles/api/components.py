"""Parts of the document that every operation names."""

from __future__ import annotations

from typing import Any

COMPONENTS: dict[str, Any] = {
    "schemas": {
        "Money": {
            "type": "object",
            "description": "Digits in a string, with the decimals of its currency; floats lose money.",
            "required": ["amount", "currency"],
            "properties": {
                "amount": {
                    "type": "string",
                    "pattern": r"^-?[0-9]+(\.[0-9]+)?$",
                    "examples": ["50000", "12.50"],
                },
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["PYG"]},
            },
        },
        "Error": {
            "type": "object",
            "description": "Every refusal. New codes may come: treat one you do not know by its status.",
            "required": ["code", "detail"],
            "properties": {
                "code": {
                    "type": "string",
                    "description": "Stable; for programs.",
                    "examples": ["numbers_taken"],
                },
                "detail": {
                    "type": "string",
                    "description": "For people, in the language of `Accept-Language` (es, pt-BR, en).",
                },
                "params": {
                    "type": "object",
                    "additionalProperties": True,
                    "description": "What the sentence speaks of, by name.",
                },
                "errors": {
                    "type": "object",
                    "description": "With `invalid` and `unknown_field`: sentences by field or filter.",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
    "headers": {
        "ETag": {"description": "Names this very answer; see If-None-Match.", "schema": {"type": "string"}},
        "RetryAfter": {
            "description": "Seconds to wait.",
            "required": True,
            "schema": {"type": "integer", "minimum": 1},
        },
        "X-RateLimit-Limit": {
            "description": "Calls of one window.",
            "schema": {"type": "integer", "minimum": 1},
        },
        "X-RateLimit-Remaining": {
            "description": "Calls that are left in this window.",
            "schema": {"type": "integer", "minimum": 0},
        },
        "X-RateLimit-Reset": {
            "description": "Seconds until the next window.",
            "schema": {"type": "integer", "minimum": 1},
        },
    },
}
