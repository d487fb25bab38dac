"""The product as it really runs: web server, scheduler and worker as processes of their own."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Kite-over-West-Lake-7305"
WORKERS = "2"
PATIENCE = 240.0

# What the machine's own settings could change about the product under test.
_OURS = ("QCC_", "DATABASE_URL", "SECRET_KEY", "AUDIT_KEY", "MAIL_", "TRUSTED_", "FLASK_")
# Where fonts and the browser are is the machine's affair.
_KEPT = ("QCC_FONT_DIR",)


class Product:
    """The demo province on a loopback port of its own, with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.frames: set[str] = set()  # around pages, which were judged
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Migrate, load the demo province, start the processes, wait until a page is served."""
        self._run("prepare", "tests.e2e.prepare")
        self._launch("web", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app")
        self._launch("scheduler", "flask", "--app", "wsgi", "scheduler")
        self._launch("worker", "flask", "--app", "wsgi", "worker")
        self._await_answer()

    def stop(self) -> None:
        """End both, whatever state they are in."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)

    def complaints(self) -> list[str]:
        """Lines of the logs that tell of an error nobody saw on a page."""
        signs = ("Traceback", "ERROR", "CRITICAL", "Warning:")
        return [
            f"{log.name}: {line}"
            for log in (self._log("web"), self._log("scheduler"), self._log("worker"))
            for line in log.read_text(errors="replace").splitlines()
            if any(sign in line for sign in signs)
        ]

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _environment(self) -> Mapping[str, str]:
        kept = {k: v for k, v in os.environ.items() if k in _KEPT or not k.startswith(_OURS)}
        return kept | {
            "QCC_DATA_DIR": str(self.folder / "data"),
            "QCC_DEMO_PASSWORD": PASSWORD,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": WORKERS,
            "WORKER_NICE": "0",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }

    def _spawn(self, name: str, *module: str) -> subprocess.Popen[bytes]:
        with self._log(name).open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *module],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def _run(self, name: str, *module: str) -> None:
        if self._launch(name, *module).wait(PATIENCE):
            raise RuntimeError(f"{name} failed:\n{self._log(name).read_text()}")
        self._processes.pop()

    def _launch(self, name: str, *module: str) -> subprocess.Popen[bytes]:
        process = self._spawn(name, *module)
        self._processes.append(process)
        return process

    def _await_answer(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for process in self._processes:
                if process.poll() is not None:
                    raise RuntimeError("\n".join(["the product ended by itself", *self._logs()]))
            try:
                with urlopen(f"{self.url}/health", timeout=5):  # noqa: S310 - our own address
                    return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise RuntimeError("\n".join(["the product does not answer", *self._logs()]))

    def _logs(self) -> list[str]:
        return [self._log(name).read_text(errors="replace") for name in ("web", "scheduler")]


def free_port() -> int:
    """A port on the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> None:
    """In the child: if the tests are killed, so is the product (Linux: PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
