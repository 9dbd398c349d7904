"""The sandbox as a WSGI application and as a server; of Django it uses requests, templates and languages only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Event, Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import resolve
from django.utils import translation

from billing.gateways.sandbox.server.bank import Bank, Refusal
from billing.gateways.sandbox.server.delivery import Postman
from billing.gateways.sandbox.server.store import Store
from billing.gateways.sandbox.server.timing import advance

URLS = "billing.gateways.sandbox.server.urls"
ROUND = 0.5  # seconds between looks at what is due


class Sandbox:
    """One provider: its books, its postman, its address and the secret its only customer knows."""

    def __init__(self, *, secret: str, webhook_url: str = "", path: Path | None = None) -> None:
        self.secret, self.url = secret, ""
        self.bank = Bank(Store(path))
        self.postman = Postman(self.bank, webhook_url, secret)
        self.loses_answer_of = ""  # a path whose next answer is lost on the way, for tests of what callers do then
        self.is_away = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self.answer(WSGIRequest(environ))
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [answer.content]

    def answer(self, request: WSGIRequest) -> HttpResponse:
        try:
            match = resolve(request.path, URLS)
        except Http404:
            return HttpResponse(status=404)
        if self.is_away:
            return HttpResponse(status=503)
        with translation.override(_language(request)), self.bank.store.transaction():
            try:
                advance(self.bank)
                answer: HttpResponse = match.func(request, self, **match.kwargs)
            except Refusal as refusal:
                return JsonResponse({"code": refusal.code, "said": refusal.said}, status=refusal.status)
        if self.loses_answer_of and re.fullmatch(self.loses_answer_of, request.path):
            self.loses_answer_of = ""
            raise ConnectionAbortedError
        return answer


def _language(request: WSGIRequest) -> str:
    return translation.get_language_from_request(request)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hung up, or an answer lost on purpose."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_given: Any) -> None:
        pass


@contextmanager
def serving(sandbox: Sandbox, *, port: int = 0, delivers: bool = True) -> Iterator[Sandbox]:
    """Serve on loopback; `sandbox.url` says where. `delivers`: also by itself, in rounds."""
    server = make_server("127.0.0.1", port, sandbox, server_class=_Server, handler_class=_Quiet)
    sandbox.url = f"http://localhost:{server.server_port}"  # as SANDBOX_URL has it: where a form of ours may lead
    over = Event()
    threads = [Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)]
    if delivers:
        threads.append(Thread(target=_rounds, args=(sandbox, over), daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield sandbox
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join(15)
        sandbox.bank.store.close()


def _rounds(sandbox: Sandbox, over: Event) -> None:
    with httpx.Client():  # its first use imports what it needs; later rounds are light
        while not over.wait(ROUND):
            advance(sandbox.bank)
            sandbox.postman.deliver_due()
