"""A real Chromium, driven over its own protocol: pages, pictures, what it asked for."""

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

# Without the last ones Chromium asks Google's hosts at every start.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE_SECONDS = 60


class Tab:
    """One tab; ``requests`` holds the address of everything that it asked for."""

    def __init__(self, socket: ClientConnection, session: str) -> None:
        self._socket = socket
        self._session = session
        self._numbers = itertools.count(1)
        self._events: list[dict[str, Any]] = []
        self.requests: list[str] = []
        for domain in ("Page", "Network", "Runtime"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        number = next(self._numbers)
        message = {"id": number, "sessionId": self._session, "method": method}
        self._socket.send(json.dumps({**message, "params": parameters}))
        while True:
            received = self._receive()
            if received.get("id") == number:
                assert "error" not in received, received["error"]
                return received["result"]

    def open(self, address: str, width: int = 1280, height: int = 900) -> None:
        """Open an address and wait until it is loaded."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.forget()
        self.send("Page.navigate", url=address)
        self.wait_for_load()

    def forget(self) -> None:
        """Forget the events so far, so that the next load is a new one."""
        self._events.clear()

    def wait_for_load(self) -> None:
        """Wait for the event that says that a page is loaded."""
        while not any(
            event["method"] == "Page.loadEventFired" for event in self._events
        ):
            self._receive()

    def value(self, script: str) -> Any:
        """Evaluate an expression, also a promise, and return its value."""
        result = self.send(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def picture(self, file: Path) -> None:
        """Write the whole page as a PNG."""
        shot = self.send(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True
        )
        file.write_bytes(base64.b64decode(shot["data"]))

    def _receive(self) -> dict[str, Any]:
        received = json.loads(self._socket.recv(timeout=_PATIENCE_SECONDS))
        if received.get("method") == "Network.requestWillBeSent":
            self.requests.append(received["params"]["request"]["url"])
        if "method" in received:
            self._events.append(received)
        return received


@contextlib.contextmanager
def chromium(folder: Path) -> Iterator[Tab]:
    """Start a Chromium of its own, and end it."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing: run scripts/install_system_packages.sh"
    errors = folder / "chromium.log"
    with errors.open("wb") as log:
        process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={folder / 'profile'}"]
            + ["--remote-debugging-port=0", "about:blank"],
            stderr=subprocess.PIPE,
            stdout=log,
        )
    try:
        address = _find_address(process)
        with connect(address, max_size=None) as socket:
            yield _open_tab(socket)
    finally:
        process.kill()
        process.wait()


def _find_address(process: subprocess.Popen) -> str:
    said = []
    for line in process.stderr:
        said.append(line.decode(errors="replace"))
        if "DevTools listening on " in said[-1]:
            return said[-1].split("DevTools listening on ")[1].strip()
    raise AssertionError("Chromium did not start: " + "".join(said))


def _open_tab(socket: ClientConnection) -> Tab:
    def ask(number: int, method: str, **parameters: Any) -> dict[str, Any]:
        socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            received = json.loads(socket.recv(timeout=_PATIENCE_SECONDS))
            if received.get("id") == number:
                return received["result"]

    target = ask(-1, "Target.createTarget", url="about:blank")["targetId"]
    attached = ask(-2, "Target.attachToTarget", targetId=target, flatten=True)
    return Tab(socket, attached["sessionId"])
