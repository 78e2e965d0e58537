"""Line 15, word by word. (tests/test_compose.py holds the rest of what docker-compose.yml promises.)"""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.security.house import Console
from tests.test_compose import COMPOSE, DOCKERFILE, OURS, SECRETS, SERVICES, TOP

DATA = sorted(set(SERVICES) - OURS)
EVERY = pytest.mark.parametrize("name", sorted(SERVICES))
RIGHTS = ("privileged", "cap_add", "devices", "pid", "ipc", "network_mode", "userns_mode", "group_add", "volumes_from")


@pytest.mark.parametrize("name", DATA)
def test_no_published_data_port(name: str):
    assert not {"ports", "expose", "network_mode"} & set(SERVICES[name])
    assert SERVICES[name]["networks"] == "[data]"
    assert TOP["networks"].count("internal: true") == 1


def test_what_is_published_is_for_this_machine():
    assert re.findall(r"ports: (\[.+\])", COMPOSE) == ['["127.0.0.1:8095:8095"]']


@EVERY
def test_not_root(name: str):
    users = (
        {"user": SERVICES[name]["user"]} if name in DATA else {"image": DOCKERFILE.rpartition("\nUSER ")[2].split()[0]}
    )
    [user] = users.values()
    assert int(user.strip('"').partition(":")[0]) > 0
    assert name in DATA or "user" not in SERVICES[name], "the image's own"
    assert not {right for right in RIGHTS if right in SERVICES[name]}
    assert SERVICES[name]["security_opt"] == '["no-new-privileges:true"]'
    assert "docker.sock" not in COMPOSE


@EVERY
def test_read_only(name: str):
    assert SERVICES[name]["read_only"] == "true"
    written = re.findall(r'"(\w+):(/[\w/]+)"', SERVICES[name]["volumes"])
    assert written, "a named volume, and no folder of the host"
    assert {volume for volume, _ in written} <= set(re.findall(r"^  (\w+): \{\}$", TOP["volumes"], re.MULTILINE))


@EVERY
def test_dropped_capabilities(name: str):
    assert SERVICES[name]["cap_drop"] == "[ALL]"


@EVERY
def test_secrets_are_files(name: str):
    assert SERVICES[name]["secrets"].strip("[]").split(", ")
    said = " ".join(str(SERVICES[name].get(key, "")) for key in ("environment", "command", "entrypoint", "labels"))
    for word in re.findall(r"[A-Z_]*(?:PASSWORD|TOKEN|_URL|SECRET)[A-Z_]*", said):
        assert word.endswith("_FILE"), word
    assert all("file: ./secrets/" in text for text in SECRETS.values())


REAL = {
    "mongo": "isWritablePrimary",
    "redis": "valkey-cli ping | grep -qx PONG",
    "scheduler": '"doctor"',
    "crawler": '"doctor"',
    "enricher": '"doctor"',
    "console": "/healthz",
}
"""What each does: a write would be taken, an answer comes under the password, all parts are looked at."""


@EVERY
def test_a_health_check_that_does_something_real(name: str):
    check = SERVICES[name]["healthcheck"]
    assert REAL[name] in check
    assert not re.search(r'"(true|exit 0|echo[^"]*|:)"|NONE', check)
    assert all(re.search(rf"{word}: \d+s", check) for word in ("interval", "timeout", "start_period"))


def test_the_consoles_health_check_runs(console: Console):
    """As written, on the port of a real one; and it tells a console that is away."""
    found = re.search(r'test: (\["CMD", "python".+\])', SERVICES["console"]["healthcheck"])
    assert found
    _, _, option, program = json.loads(found[1])
    for port, code in ((console.port, 0), (1, 1)):
        line = [sys.executable, option, program.replace("8095", str(port))]
        assert subprocess.run(line, capture_output=True, check=False, timeout=20).returncode == code


@EVERY
def test_limits(name: str):
    service = SERVICES[name]
    assert re.fullmatch(r"[1-9]\d*[mg]", service["mem_limit"])
    assert 0 < int(service["pids_limit"].partition("#")[0]) <= 1024
    assert re.search(r"max-size: \d+m, max-file: \"\d\"", service["logging"]), "its log does not fill the disk"
