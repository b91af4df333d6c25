"""A gateway for text messages on this machine: answers as it is told, and keeps what it was sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Gateway:
    """What it shall answer, and the requests so far: method, headers, body."""

    url: str = ""
    status: int = 200
    body: str = '{"code":"OK"}'
    wait: float = 0
    requests: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)


@contextmanager
def running() -> Iterator[Gateway]:
    """One that listens until the block ends."""
    gateway = Gateway()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            gateway.requests.append((self.command, dict(self.headers), body))
            gateway.stopped.wait(gateway.wait)
            self.send_response(gateway.status)
            if gateway.status == 302:
                self.send_header("Location", f"{gateway.url}elsewhere")
            self.end_headers()
            self.wfile.write(gateway.body.encode())

        do_PUT = do_GET = do_POST  # noqa: N815  (the library asks for these names)

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield gateway
    finally:
        gateway.stopped.set()
        server.shutdown()
        server.server_close()
