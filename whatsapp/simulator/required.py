from collections.abc import Collection

from .refusals import missing, wrong_parameter
from .shapes import Json


def named(where: str, key: str) -> str:
    return f"{where}['{key}']" if where else key


def required_object(parent: Json, key: str, where: str) -> Json:
    if key not in parent:
        raise missing(f"The parameter {named(where, key)} is required.")
    value = parent[key]
    if not isinstance(value, dict):
        raise wrong_parameter(f"Param {named(where, key)} must be a JSON object.")
    return value


def required_list(parent: Json, key: str, where: str) -> list[Json]:
    if key not in parent:
        raise missing(f"The parameter {named(where, key)} is required.")
    value = parent[key]
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise wrong_parameter(f"Param {named(where, key)} must be an array of objects.")
    return value


def required_text(parent: Json, key: str, where: str) -> str:
    value = parent.get(key)
    if value is None or value == "":
        raise missing(f"The parameter {named(where, key)} is required.")
    if not isinstance(value, str):
        raise wrong_parameter(f"Param {named(where, key)} must be a string.")
    return value


def only_keys(parent: Json, allowed: Collection[str], where: str) -> None:
    for key in parent:
        if key not in allowed:
            raise wrong_parameter(f'Unexpected key "{key}" on param "{where}".')
