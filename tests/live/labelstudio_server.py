"""A Label Studio of our own for tests and measurements: fresh data, a free loopback port, ended by its process id."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("label-studio")
FIRST_START = 240  # seconds; it creates its database


@dataclass(frozen=True)
class LabelStudio:
    url: str
    token: str
    email: str
    password: str
    pid: int
    log: Path


def missing() -> str:
    """Why none can be started here; "" if one can."""
    return "" if PROGRAM.exists() else "Label Studio is not installed here: make test-live"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def label_studio(port: int | None = None, folder: Path | None = None) -> Iterator[LabelStudio]:
    """A running server. `port`: the one to ask for first; where it is taken, another is chosen. What was started is ended."""
    with tempfile.TemporaryDirectory(prefix="hexapla-labelstudio-", dir=folder) as data:
        for attempt in range(3):
            wanted = port if attempt == 0 and port is not None else free_port()
            if _taken(wanted):
                continue
            server = _start(Path(data), wanted)
            if server is None:  # somebody was quicker to take the port
                continue
            process, here = server
            try:
                yield here
            finally:
                _end(process)
            return
        raise RuntimeError("Label Studio did not start on three ports")


def _taken(port: int) -> bool:
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def _start(data: Path, port: int) -> tuple[subprocess.Popen[bytes], LabelStudio] | None:
    """None if it runs, but not at this port: it moves to the next one without a word when its port is taken."""
    token, password = secrets.token_hex(20), secrets.token_urlsafe(12)
    email = "admin@example.com"
    environment = os.environ | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(data), "LABEL_STUDIO_USERNAME": email, "LABEL_STUDIO_PASSWORD": password,
        "LABEL_STUDIO_USER_TOKEN": token, "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_COLLECT_ANALYTICS": "false", "LABEL_STUDIO_LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": "",
    }  # fmt: skip
    log = data / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [PROGRAM, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=environment, cwd=data, start_new_session=True,
        )  # fmt: skip
    here = LabelStudio(f"http://127.0.0.1:{port}", token, email, password, process.pid, log)
    end = time.monotonic() + FIRST_START
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"Label Studio ended: {log.read_text('utf-8', 'replace')[-2000:]}")
        if _ours(here):
            return process, here
        if (
            f"127.0.0.1:{port}/" not in (said := log.read_text("utf-8", "replace"))
            and "development server at" in said
        ):
            break
        time.sleep(0.5)
    _end(process)
    return None


def _ours(here: LabelStudio) -> bool:
    """Does the server that we started answer there? Nobody else knows the token."""
    request = urllib.request.Request(
        f"{here.url}/api/current-user/whoami", headers={"Authorization": f"Token {here.token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)
