"""A provider on this machine: keeps what it was sent, and answers as it was told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Provider:
    address: str = ""
    status: int = 200
    answer: Any = field(default_factory=dict)
    taken: list[tuple[str, str]] = field(default_factory=list)  # path, body
    arrived: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)


@contextmanager
def provider(*, answers: bool = True) -> Iterator[Provider]:
    """`answers=False`: it takes what it is sent and says nothing, until the end."""
    known = Provider()
    if answers:
        known.may_answer.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            known.taken.append((self.path, body))
            known.arrived.set()
            known.may_answer.wait(60)
            self.send_response(known.status)
            self.end_headers()
            self.wfile.write(json.dumps(known.answer).encode())

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that was killed
    known.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield known
    finally:
        known.may_answer.set()
        server.shutdown()
