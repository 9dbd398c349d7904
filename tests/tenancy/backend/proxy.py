"""A proxy before PostgreSQL that can make the sending of a search path fail, the way real servers make it fail."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

PORT = "5432"


class Proxy:
    """Listens on a Unix socket in `directory`; hands everything on to the server of `settings` (HOST and PORT).

    While `slow`, each message that sets a search path also sleeps on the server, so that a statement_timeout meets it.
    While `cutting`, the connection is cut instead. `queries` holds what was asked, in order.
    """

    def __init__(self, directory: Path, settings: dict[str, Any]) -> None:
        host = settings["OPTIONS"].get("host") or settings["HOST"] or "localhost"
        port = settings["PORT"] or PORT
        self.upstream: Any = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, int(port))
        self.directory = directory
        self.slow = self.cutting = False
        self.queries: list[bytes] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(directory / f".s.PGSQL.{PORT}"))
        self._listener.listen()
        self._open = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX if isinstance(self.upstream, str) else socket.AF_INET)
                server.connect(self.upstream)
                self._open += [client, server]
                threading.Thread(target=self._answers, args=(server, client), daemon=True).start()
                threading.Thread(target=self._requests, args=(client, server), daemon=True).start()

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while part := server.recv(65536):
                client.sendall(part)
            client.shutdown(socket.SHUT_RDWR)

    def _requests(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError, EOFError):
            length = exactly(client, 4)  # the start-up packet has no type byte
            server.sendall(length + exactly(client, int.from_bytes(length) - 4))
            while True:
                kind, length = exactly(client, 1), exactly(client, 4)
                body = exactly(client, int.from_bytes(length) - 4)
                if kind == b"Q":
                    self.queries.append(body.rstrip(b"\0"))
                    if b"search_path = " in body and self.cutting:
                        break
                    if b"search_path = " in body and self.slow:
                        body = body.rstrip(b"\0") + b"; SELECT pg_sleep(20)\0"
                        length = (len(body) + 4).to_bytes(4)
                server.sendall(kind + length + body)
        for each in (client, server):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def exactly(source: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = source.recv(count - len(found))
        if not part:
            raise EOFError
        found += part
    return found
