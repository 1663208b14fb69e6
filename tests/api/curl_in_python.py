"""As much of curl as the guide uses, for machines without it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import requests


def main(words: list[str]) -> None:
    told = _read(words)
    headers = dict(header.split(": ", 1) for header in told.header)
    method = told.request or ("POST" if told.data is not None or told.form else "GET")
    files = [_part(form) for form in told.form] or None
    data = None if told.data is None else told.data.encode()
    answer = requests.request(method, told.url, headers=headers, data=data, files=files, timeout=30)
    said = answer.text
    if told.include:
        lines = [f"HTTP/1.1 {answer.status_code} {answer.reason}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        said = "\r\n".join([*lines, "", said])
    if told.output is None:
        sys.stdout.write(said)
    sys.stdout.write(
        (told.write_out or "").replace("%{http_code}", str(answer.status_code)).replace("\\n", "\n")
    )


def _read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-i", dest="include", action="store_true")
    parser.add_argument("-X", dest="request")
    parser.add_argument("-d", dest="data")
    parser.add_argument("-o", dest="output")
    parser.add_argument("-w", dest="write_out")
    parser.add_argument("-H", dest="header", action="append", default=[])
    parser.add_argument("-F", dest="form", action="append", default=[])
    return parser.parse_intermixed_args(words)


def _part(form: str) -> tuple[str, tuple[str, bytes]]:
    name, _, path = form.partition("=@")
    return name, (Path(path).name, Path(path).read_bytes())


if __name__ == "__main__":
    main(sys.argv[1:])
