from __future__ import annotations

import re

import pytest

from config.env import ROOT

COMPOSE = (ROOT / "compose.yaml").read_text()
SHARED = COMPOSE[COMPOSE.index("x-app:") : COMPOSE.index("services:")]


def services() -> dict[str, str]:
    """Name and body of each; the file keeps to two spaces a level, which is enough to tell them apart."""
    text = COMPOSE[COMPOSE.index("services:\n") + len("services:\n") : COMPOSE.index("\nvolumes:\n")]
    parts = re.split(r"^  (\w+):\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def whole(body: str) -> str:
    return SHARED + body if "<<: *app" in body else body


def test_the_product_is_four_services() -> None:
    assert set(services()) == {"web", "worker", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(services()))
def test_every_service_has_an_image_and_tells_its_health(name: str) -> None:
    body = whole(services()[name])
    assert re.search(r"^ +(image|build): \S+", body, flags=re.MULTILINE)
    assert re.search(r"^    healthcheck:\n      test: \[", body, flags=re.MULTILINE)


def test_no_image_floats() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    images = re.findall(r"^ +image: (\S+)", COMPOSE, re.MULTILINE) + re.findall(
        r"^FROM (\S+)", dockerfile, re.MULTILINE
    )
    assert len(images) == 5
    for image in images:
        assert re.search(r":\d", image), image
        assert "latest" not in image


def test_the_image_runs_as_nobody_special_with_hashed_packages_and_its_texts() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER raffles$", dockerfile, flags=re.MULTILINE)
    assert "--require-hashes" in dockerfile
    assert dockerfile.index("compile_texts") < dockerfile.index("collectstatic")


def test_the_proxy_sample_lets_a_whole_webhook_through() -> None:
    sample = (ROOT / "deploy" / "nginx.conf").read_text()
    assert "client_max_body_size 12m;" in sample
