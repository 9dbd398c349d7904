"""A JSON server on loopback, for the fakes of this folder."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from billing.gateways.sandbox.server.bank import Refusal


class Request:
    """`query` and `body` as they came; `headers` by names in lower case."""

    def __init__(
        self, method: str, path: str, query: dict[str, list[str]], headers: dict[str, str], raw: bytes
    ) -> None:
        self.method, self.path, self.query, self.headers, self.raw = method, path, query, headers, raw


class Answerer(Protocol):
    url: str
    loses_answer_of: str  # "POST /path" as a pattern: done, but its answer is lost, once
    is_away: bool

    def answer(self, request: Request) -> tuple[int, Any]: ...

    def refused(self, refusal: Refusal) -> tuple[int, Any]: ...


@contextmanager
def listening(fake: Answerer) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _handler(fake: Answerer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            split = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Request(self.command, split.path, parse_qs(split.query, keep_blank_values=True), headers, raw)
            if fake.is_away:
                status, found = 503, None
            else:
                try:
                    status, found = fake.answer(asked)
                except Refusal as refusal:
                    status, found = fake.refused(refusal)
            if fake.loses_answer_of and re.fullmatch(fake.loses_answer_of, f"{self.command} {split.path}"):
                fake.loses_answer_of = ""
                self.close_connection = True
                return
            content = b"" if found is None else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - names of the standard library

        def log_message(self, *_given: Any) -> None:
            pass

    return Handler
