from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import stores
from config.env import ROOT
from config.worker import STOP_SECONDS
from raffles.evidence.reader.ocr import WANTED
from tests.project.environment import NAMES

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker")
PODS: list[dict[str, Any]] = list(yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text()))


def dockerfile() -> list[tuple[str, str]]:
    """Instruction and argument of each, a continued line joined with what follows it."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines if line.strip()]


def instruction(name: str) -> list[str]:
    return [argument for word, argument in dockerfile() if word == name]


def options(command: list[str]) -> dict[str, str]:
    return {word: after for word, after in pairwise(command) if word.startswith("--")}


def seconds(word: str) -> int:
    assert re.fullmatch(r"\d+s", word)
    return int(word[:-1])


def megabytes(word: str) -> int:
    number, unit = int(word[:-1]), word[-1]
    return number * {"m": 1, "g": 1024}[unit]


def test_the_product_is_five_services() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_has_an_image_tells_its_health_and_has_its_limits(name: str) -> None:
    service = SERVICES[name]
    assert "build" in service or "image" in service
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert megabytes(service["mem_limit"]) <= 1024
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_photo_of_a_receipt_fits_beside_the_process_that_has_it_read(name: str) -> None:
    """The reader of a photo of 12 megapixels takes 190 MB, of two that are compared 220 MB."""
    limits = container(pods("Deployment")[f"raffles-{name}"])["resources"]["limits"]
    assert (
        megabytes(SERVICES[name]["mem_limit"]) == megabytes(limits["memory"].removesuffix("i").lower()) >= 512
    )


def test_no_image_floats() -> None:
    images = [service["image"] for service in SERVICES.values()] + instruction("FROM")
    assert len(images) == 7
    for image in images:
        assert re.search(r":\d", image), image
        assert "latest" not in image


def test_what_needs_the_tables_waits_until_they_are_made() -> None:
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    words = {name: " ".join(service.get("command", [])) for name, service in SERVICES.items()}
    assert [name for name in SERVICES if "manage.py migrate" in words[name]] == ["migrate"]


@pytest.mark.parametrize("name", OURS)
def test_our_processes_may_do_nothing_special_and_find_their_secrets_in_one_file(name: str) -> None:
    service = SERVICES[name]
    assert service["env_file"] == ".env"
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service["environment"]) <= NAMES | {"PGPASSWORD"}


@pytest.mark.parametrize("password", ["a/b+c=", "p@ss#word?", "100%", "[x]:y"])
def test_any_password_will_do(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `openssl rand -base64` makes them. PostgreSQL's own library reads it where the address has none."""
    for name in OURS:
        given = {
            key: re.sub(r"\$\{POSTGRES_PASSWORD:\?[^}]*\}", lambda _: password, value)
            for key, value in SERVICES[name]["environment"].items()
        }
        monkeypatch.setenv("DATABASE_URL", given["DATABASE_URL"])
        found = stores.database("DATABASE_URL", "", pool=0, pgbouncer=False)
        told = (found["USER"], found["HOST"], found["PORT"], found["NAME"])
        assert told == ("raffles", "postgres", 5432, "raffles")
        assert (found["PASSWORD"], given["PGPASSWORD"]) == ("", password)
    assert SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_each_service_is_given_the_time_it_takes_to_stop() -> None:
    web = options(json.loads(instruction("CMD")[0]))
    assert seconds(SERVICES["web"]["stop_grace_period"]) > int(web["--workers-kill-timeout"])
    assert seconds(SERVICES["worker"]["stop_grace_period"]) > STOP_SECONDS


def test_the_checks_of_web_and_worker_start_no_django() -> None:
    assert SERVICES["web"]["healthcheck"]["test"] == ["CMD", "python", "-m", "config.knock"]
    assert SERVICES["worker"]["healthcheck"]["test"] == ["CMD", "python", "-m", "config.pulse"]
    assert SERVICES["worker"]["command"][:3] == ["python", "manage.py", "worker"]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_check_runs_without_any_setting_of_django_and_says_what_is_wrong(name: str, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    module = SERVICES[name]["healthcheck"]["test"][-1]
    for file in ("__init__.py", f"{module.partition('.')[2]}.py"):
        shutil.copy(ROOT / "config" / file, tmp_path / "config" / file)
    bare = {"PATH": os.environ["PATH"], "SITE_URL": "https://raffles.example"}
    asked = [sys.executable, "-m", module]
    done = subprocess.run(asked, cwd=tmp_path, env=bare, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr


def test_a_check_of_the_web_process_that_knows_no_site_says_so() -> None:
    bare = {name: value for name, value in os.environ.items() if name != "SITE_URL"}
    asked = [sys.executable, "-m", "config.knock"]
    done = subprocess.run(asked, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert done.stderr.startswith("SITE_URL is missing")


def test_the_image_runs_as_nobody_special_with_hashed_packages_and_its_texts() -> None:
    assert instruction("USER") == ["raffles"]
    steps = " ".join(instruction("RUN"))
    assert "--require-hashes" in steps
    assert steps.index("compile_texts") < steps.index("collectstatic") < steps.index("compileall")


def test_the_image_reads_the_words_of_receipts_in_every_language_unless_it_is_told_not_to() -> None:
    assert instruction("ARG") == ["OCR=yes"]
    (step,) = [step for step in instruction("RUN") if "apt-get" in step]
    assert step.startswith('if [ "$OCR" = yes ]; then')
    assert {f"tesseract-ocr-{one}" for one in WANTED} <= set(step.split())
    assert "--no-install-recommends" in step
    assert "rm -rf /var/lib/apt/lists/*" in step
    last = max(place for place, (word, _) in enumerate(dockerfile()) if word == "FROM")
    assert ("RUN", step) in dockerfile()[last:]
    locked = (ROOT / "requirements" / "production.txt").read_text()
    assert "pytesseract==" in locked


def test_the_image_holds_nothing_but_the_product() -> None:
    kept = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE)
    assert kept == ["manage.py", "config", "raffles", "whatsapp", "requirements/production.txt"]
    assert all((ROOT / name).exists() for name in kept)


def test_the_image_by_itself_is_the_web_process_and_tells_its_health() -> None:
    (command,) = (json.loads(argument) for argument in instruction("CMD"))
    assert command[:3] == ["python", "-m", "config.web"]
    assert '"config.knock"' in instruction("HEALTHCHECK")[0]


def pods(kind: str) -> dict[str, dict[str, Any]]:
    return {pod["metadata"]["name"]: pod["spec"] for pod in PODS if pod["kind"] == kind}


def container(spec: dict[str, Any]) -> dict[str, Any]:
    (found,) = spec["template"]["spec"]["containers"]
    return dict(found)


def test_kubernetes_runs_the_same_image_by_the_same_commands() -> None:
    web, worker = (container(pods("Deployment")[name]) for name in ("raffles-web", "raffles-worker"))
    assert {web["image"], worker["image"]} == {SERVICES["web"]["image"]}
    assert "command" not in web
    assert worker["command"] == SERVICES["worker"]["command"]
    assert container(pods("Job")["raffles-migrate"])["command"] == SERVICES["migrate"]["command"]


def test_a_web_pod_stays_while_no_worker_runs_and_goes_when_it_does_not_answer() -> None:
    web = container(pods("Deployment")["raffles-web"])
    assert web["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert web["readinessProbe"]["httpGet"]["path"] == "/health/"


def test_web_and_worker_are_scaled_alone_and_given_the_time_to_stop() -> None:
    scaled = {spec["scaleTargetRef"]["name"] for spec in pods("HorizontalPodAutoscaler").values()}
    assert scaled == set(pods("Deployment"))
    for spec in pods("Deployment").values():
        assert spec["template"]["spec"]["terminationGracePeriodSeconds"] >= STOP_SECONDS + 10
        assert spec["template"]["spec"]["securityContext"]["runAsNonRoot"] is True


def test_no_pod_goes_live_with_the_values_of_a_development_copy() -> None:
    """What stands in the manifest wins over a Secret that was made of .env.example."""
    for spec in (*pods("Deployment").values(), *pods("Job").values()):
        given = {one["name"]: one["value"] for one in container(spec)["env"]}
        assert given.keys() <= NAMES
        for name in ("DEBUG", "SIMULATOR", "BEHIND_PROXY", "MEDIA_ROOT"):
            assert given[name] == SERVICES["web"]["environment"][name], name


def test_the_job_that_migrates_can_be_applied_before_the_rest() -> None:
    first = [
        pod["metadata"]["name"] for pod in PODS if pod["metadata"].get("labels", {}).get("part") == "migrate"
    ]
    assert first == ["raffles-migrate"]
    assert "--selector part=migrate" in (ROOT / "docs" / "operations.md").read_text()


def test_the_proxy_sample_lets_a_whole_webhook_through_and_answers_no_other_host() -> None:
    sample = re.sub(r"#.*", "", (ROOT / "deploy" / "nginx.conf").read_text())
    assert "client_max_body_size 12m;" in sample
    strangers, *others = sample.split("server {")[1:]
    assert strangers.count("default_server;") == 2
    assert "return 444;" in strangers
    assert "default_server" not in "".join(others)


def unit(name: str) -> dict[str, list[str]]:
    """A line of a unit: its name and, where it stands several times, all its values."""
    found: dict[str, list[str]] = {}
    text = (ROOT / "deploy" / f"raffles-{name}.service").read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if "=" in line and not line.startswith("#"):
            found.setdefault(line.partition("=")[0], []).append(line.partition("=")[2])
    return found


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_unit_starts_what_the_image_starts_and_gives_it_the_time_to_stop(name: str) -> None:
    found = unit(name)
    image = json.loads(instruction("CMD")[0]) if name == "web" else SERVICES["worker"]["command"]
    (command,) = found["ExecStart"]
    expected = " ".join(image).replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    assert " ".join(command.split()) == f"/srv/raffles/.venv/bin/{expected}"
    assert seconds(found["TimeoutStopSec"][0]) == seconds(SERVICES[name]["stop_grace_period"])
    # The signal is for the process itself: what it has under way is its own to end.
    assert found["KillMode"] == ["mixed"]
    assert found["User"] == ["raffles"]
    assert found["Restart"] == ["always"]
