"""A mail server on loopback that says what a test tells it to say. Speaks as much of RFC 5321 as smtplib asks for."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    port: int = 0
    recipient_answer: bytes = b"250 ok"
    mails: list[EmailMessage] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    state = MailServer()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say(b"220 here")
            while line := self.rfile.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    self.say(b"354 go on")
                    lines = []
                    while (part := self.rfile.readline()) != b".\r\n":
                        lines.append(part)
                    state.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
                    self.say(b"250 ok")
                elif verb == b"RCPT":
                    self.say(state.recipient_answer)
                elif verb == b"QUIT":
                    self.say(b"221 bye")
                    return
                else:
                    self.say(b"250 ok")

        def say(self, line: bytes) -> None:
            self.wfile.write(line + b"\r\n")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Session) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
