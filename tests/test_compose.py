"""docker-compose.yml and the Dockerfile are held to what they promise. No Docker runs here: what can be run is run."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest
import typer.core
import typer.main

from console.cli import app
from console.embedded_valkey import binary
from console.processes import free_port
from console.redis_checks import redis_checks
from stories.settings import Settings
from tests.console.commands import server

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def parts(text: str, indent: int) -> dict[str, str]:
    """The keys at one depth of a block of YAML, each with its text: as much YAML as these tests need."""
    found: dict[str, str] = {}
    for block in re.split(rf"^ {{{indent}}}(?=[\w<])", text, flags=re.MULTILINE)[1:]:
        key, _, value = block.partition(":")
        found[key] = re.sub(r"^\s*#.*\n", "", value, flags=re.MULTILINE).rstrip().lstrip(" ")
    return found


def merged(block: dict[str, str]) -> dict[str, str]:
    """With what `<<: *anchor` brings."""
    anchor = block.pop("<<", "").lstrip("*")
    return (merged(parts(TOP[f"x-{anchor}"], 2)) if anchor else {}) | block


TOP = parts(COMPOSE, 0)
SERVICES = {name: merged(parts(text, 4)) for name, text in parts(TOP["services"], 2).items()}
SECRETS = parts(TOP["secrets"], 2)
OURS = {"scheduler", "crawler", "enricher", "console"}


def exec_form(text: str) -> list[str]:
    words: list[str] = json.loads(text.replace("$$", "$"))
    return words


def test_the_house_is_complete() -> None:
    assert set(SERVICES) == OURS | {"mongo", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] == "true"
    assert service["cap_drop"] == "[ALL]"
    assert service["security_opt"] == '["no-new-privileges:true"]'
    assert service["restart"] == "unless-stopped"
    assert "/tmp" in service["tmpfs"]
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert "test: [" in service["healthcheck"]
    assert "privileged: true" not in COMPOSE


@pytest.mark.parametrize("name", sorted(set(SERVICES) - OURS))
def test_servers_run_as_users_of_their_own(name: str) -> None:
    assert SERVICES[name]["user"] == '"999:999"'


def test_only_the_console_is_published_and_only_to_this_machine() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["console"]
    assert SERVICES["console"]["ports"] == '["127.0.0.1:8095:8095"]'


def test_the_servers_and_what_needs_only_them_cannot_reach_the_outside() -> None:
    assert "data: {internal: true}" in TOP["networks"]
    assert {name for name, service in SERVICES.items() if "outside" in service["networks"]} == {"crawler", "console"}


def test_secrets_are_files_each_used_and_none_is_written_here() -> None:
    used = {secret for service in SERVICES.values() for secret in service["secrets"].strip("[]").split(", ")}
    assert used == set(SECRETS)
    assert all(text == f"{{file: ./secrets/{name}}}" for name, text in SECRETS.items())
    assert set(re.findall(r"^ +(\w*(?:PASSWORD|TOKEN|URL)\w*):", COMPOSE, re.MULTILINE)) == {
        "MONGO_INITDB_ROOT_PASSWORD_FILE",
        "KLIPING_MONGO_URL_FILE",
        "KLIPING_REDIS_URL_FILE",
        "KLIPING_CONSOLE_TOKEN_FILE",
    }


def test_mongo_is_a_replica_set_with_a_key_and_is_healthy_when_it_takes_writes() -> None:
    command = exec_form(SERVICES["mongo"]["command"])
    assert command[:5] == ["mongod", "--replSet", "rs0", "--keyFile", "/tmp/mongo-key"]
    assert all(words in SERVICES["mongo"]["healthcheck"] for words in ("rs.initiate(", "isWritablePrimary ? 0 : 1"))


def test_ours_wait_for_healthy_servers_and_look_at_them() -> None:
    for name in OURS:
        assert SERVICES[name]["depends_on"].count("{condition: service_healthy}") == 2
    for name in OURS - {"console"}:
        assert '["CMD", "kliping", "doctor", "--json"]' in SERVICES[name]["healthcheck"]
    assert SERVICES["enricher"]["deploy"] == "{replicas: 2}"


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_command_named_here_exists(name: str) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    assert SERVICES[name]["command"].strip("[]").split(", ")[0] in group.commands


def test_every_setting_named_here_exists() -> None:
    known = {f"KLIPING_{name.upper()}" for name in Settings.__dataclass_fields__}
    named = set(re.findall(r"KLIPING_[A-Z_]+", COMPOSE + DOCKERFILE))
    assert {name.removesuffix("_FILE") for name in named} <= known


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """The secrets, made by the line in the file's head."""
    [line] = re.findall(r"^#   (mkdir -m 700 secrets .*)$", COMPOSE, re.MULTILINE)
    subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, check=True)
    return tmp_path / "secrets"


def test_the_line_in_the_head_makes_every_secret(secrets: Path) -> None:
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert {path.name for path in secrets.iterdir()} == set(SECRETS) | {".gitignore"}
    settings = Settings.load(
        {
            "KLIPING_MONGO_URL_FILE": str(secrets / "mongo-url"),
            "KLIPING_REDIS_URL_FILE": str(secrets / "redis-url"),
            "KLIPING_CONSOLE_TOKEN_FILE": str(secrets / "console-token"),
        },
        folder=secrets,
    )
    password = (secrets / "mongo-password").read_text().strip()
    assert settings.mongo_url == f"mongodb://kliping:{password}@mongo:27017/?authSource=admin&replicaSet=rs0"
    assert settings.console_token


def test_redis_starts_as_written_and_is_fit(secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    (tmp_path / "valkey-server").symlink_to(binary())
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    entrypoint, command = (exec_form(SERVICES["redis"][key]) for key in ("entrypoint", "command"))
    here = {"/run/secrets": str(secrets), "/tmp/": f"{tmp_path}/", "/data": str(tmp_path)}
    line = [re.sub("|".join(here), lambda found: here[found[0]], word) for word in [*entrypoint, *command]]
    with server(*line, "--port", str(port), until=port, cwd=tmp_path):
        url = (secrets / "redis-url").read_text().replace("@redis:6379", f"@127.0.0.1:{port}")
        assert [check for check in redis_checks(url) if not check.ok] == []


def test_the_image_is_locked_small_and_runs_as_nobody_special() -> None:
    stages = DOCKERFILE.split("\nFROM ")[1:]
    assert len(stages) == 2
    assert "--constraint requirements.lock" in stages[0]
    assert "--require-hashes" in stages[0]
    packages = re.findall(r"apt-get install -y -qq --no-install-recommends (.+?) \\", stages[1])
    assert packages == ["chromium-headless-shell"]
    assert not re.search(r"pip install|uv pip|ADD |embedded\]", stages[1])
    assert "\nUSER 10001\n" in stages[1]
    assert (
        'HEALTHCHECK --interval=60s --timeout=20s --start-period=20s CMD ["kliping", "doctor", "--json"]' in stages[1]
    )
    assert not re.search(r"https?://", DOCKERFILE)


def test_no_secret_reaches_the_builder() -> None:
    allowed = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = {word for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()}
    assert {line.removeprefix("!") for line in allowed} == copied
