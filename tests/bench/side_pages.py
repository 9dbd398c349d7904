"""What a firm's pages, its search and its imports cost, asked of Colmeia's process."""

from __future__ import annotations

import gzip
import re
import resource
import statistics
import time
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.bench import client_import, client_search, side_ours

FIRM, BOOK = "pages", "book"
ADDRESS = re.compile(r"""(?:href|src)=["']/static/([^"'#]+)""")
LINKED = re.compile(r"""(?:url\(|from\s*|import\s*\(?)["']?(\./?[^"')]+|[\w./-]+\.woff2)""")
LATIN = "-latin-wght-"  # the part of the font that Portuguese and English are written with; browsers load no other
PAGEFUL = [f"{number:011}" for number in range(1000, 1051)]  # documents of one more than a page shows
ROUNDS = 5


def prepare() -> None:
    side_ours.web_data(clients=500, slug=FIRM)


def statements() -> dict[str, int]:
    """SQL statements of each page, for its owner, once everything is warm."""
    with context.enter(f"org_{FIRM}"), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM clients_client LIMIT 1")
        client = cursor.fetchone()[0]
    paths = {"list": "/clients/", "client": f"/clients/{client}/", "team": "/team/", "settings": "/settings/firm/"}
    return {name: _counted(browser_of(FIRM), path) for name, path in paths.items()}


def _counted(browser: Browser, path: str) -> int:
    with context.activate(None):
        _must(browser.get(path))
        with CaptureQueriesContext(connection) as captured:
            _must(browser.get(path))
    return len(captured)


def first_load() -> dict[str, float]:
    """kB of the list with everything it asks for, compressed as whitenoise does; and of the largest that blocks it."""
    browser = browser_of(FIRM)
    with context.activate(None):
        page = _must(browser.get("/clients/")).content
    wanted = {"web/dist/icons.svg", *ADDRESS.findall(page.decode())}
    sizes: dict[str, float] = {}
    while wanted - set(sizes):
        name = (wanted - set(sizes)).pop()
        content = Path(finders.find(name)).read_bytes()
        sizes[name] = len(content if name.endswith(".woff2") else gzip.compress(content)) / 1000
        if name.endswith((".css", ".js")):
            near = (str(Path(name).parent / linked) for linked in LINKED.findall(content.decode()))
            wanted |= {one for one in near if finders.find(one) and (LATIN in one or not one.endswith(".woff2"))}
    blocking = max(size for name, size in sizes.items() if name.endswith(".css"))
    return {"whole": len(gzip.compress(page)) / 1000 + sum(sizes.values()), "blocking": blocking}


def search(clients: int) -> dict[str, float]:
    """Seconds of a page of the list: p95 over many terms, and of a page that an index finds by equality."""
    from tenant_apps.clients import queries

    side_ours.organizations([BOOK])
    with context.enter(f"org_{BOOK}"), connection.cursor() as cursor:
        client_search.fill(cursor, clients)
        terms = [
            _best(
                queries.clients(wanted),
                sought=wanted.is_sought,
                first=queries.first_of(wanted),
                walking=queries.clients(wanted, read=True),
            )
            for wanted in map(_wanted, client_search.TERMS)
        ]
        named = queries.clients(queries.Wanted()).filter(document__in=PAGEFUL)
        equal = _best(named, sought=True, walking=named)
    return {"p95": statistics.quantiles(terms, n=20)[-1], "equality": equal, "worst": max(terms)}


def _wanted(term: str) -> Any:
    from tenant_apps.clients import queries

    return queries.Wanted(search=term)


def _best(found: Any, *, sought: bool, first: Any = None, walking: Any = None) -> float:
    """Seconds of a page as the list reads it."""
    from shared_apps.web.api import rows
    from tenant_apps.clients import columns, queries

    shape = partial(queries.client_rows, names=columns.needed(columns.DEFAULT, archived=False))
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        order = ("name_key", "id")
        rows.page(found, shape, order, number=1, size=50, sought=sought, counted=False, first=first, walking=walking)
        taken.append(time.perf_counter() - start)
    return min(taken)


def imported(kind: str, clients: int) -> dict[str, float]:
    """Seconds of the check and of the run, and the process's peak MB. A process of its own for each kind."""
    side_ours.organizations([kind])
    content = client_import.file_of(kind, client_import.rows_of(clients))
    with context.enter(f"org_{kind}"):
        check, write = client_import.import_(content, kind)
    return {"check": check, "run": write, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def browser_of(slug: str) -> Browser:
    """The owner's browser on the organization's host."""
    assert Organization.objects.filter(slug=slug).exists()
    browser = Browser(HTTP_HOST=f"{slug}.localhost", HTTP_ACCEPT_LANGUAGE="pt-BR")
    name, _equals, value = side_ours.page_cookie(slug).partition("=")
    browser.cookies[name] = value
    return browser


def _must(answer: Any) -> Any:
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.request['PATH_INFO']} answered {answer.status_code}")
    return answer
