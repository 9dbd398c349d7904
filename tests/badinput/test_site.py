"""A real site loses its database and its Redis while people work, and keeps no secret in its log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
import requests

from tests.badinput.site import PASSWORD, Site, site

CLIENTS = "/api/v1/clients/"
SECRETS = {
    "name": "Maria Aparecida Quintanilha",
    "document": "529.982.247-25",
    "email": "maria.quintanilha@exemplo.com.br",
    "phone": "+55 11 98765-4321",
    "notes": "the key is under the stone lion",
}


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with site() as running:
        yield running


def create(site: Site, slug: str, headers: dict[str, str], **body: Any) -> requests.Response:
    return site.ask("POST", CLIENTS, slug, headers=headers, json=body)


def names(site: Site, slug: str, headers: dict[str, str]) -> list[str]:
    answer = site.ask("GET", f"{CLIENTS}?page_size=200", slug, headers=headers)
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["results"]]


def test_a_site_that_runs_is_ready(running: Site) -> None:
    assert requests.get(f"{running.url}/healthz", timeout=10).json() == {"status": "ok"}
    answer = requests.get(f"{running.url}/readyz", timeout=10)
    assert answer.status_code == 200, answer.text


def test_the_database_restarts_under_traffic(running: Site) -> None:
    """Two organizations at work on four threads: 201 or 503, each 201 is there once afterwards, nobody mixes up."""
    signed_in = {slug: running.sign_in(slug) for slug in ("acme", "globex")}
    seen: Counter[int] = Counter()
    done: dict[str, list[str]] = {"acme": [], "globex": []}
    over = Event()

    def work(number: int) -> None:
        slug = ("acme", "globex")[number % 2]
        turn = 0
        while not over.is_set():
            name, turn = f"{slug}-{number}-{turn}", turn + 1
            answer = create(running, slug, signed_in[slug], name=name)
            seen[answer.status_code] += 1
            assert answer.status_code in {201, 503}, answer.text
            if answer.status_code == 201:
                done[slug].append(name)
            else:
                assert answer.json()["code"] == "temporarily_unavailable"

    with ThreadPoolExecutor(4) as threads:
        workers = [threads.submit(work, number) for number in range(4)]
        try:
            for _ in range(2):
                enough = seen[201] + 8
                while seen[201] < enough and not any(worker.done() for worker in workers):
                    over.wait(0.02)
                running.postgres.stop()
                while not seen[503] and not any(worker.done() for worker in workers):
                    over.wait(0.02)
                assert requests.get(f"{running.url}/readyz", timeout=30).status_code == 503
                running.postgres.start()
            enough = seen[201] + 8
            while seen[201] < enough and not any(worker.done() for worker in workers):
                over.wait(0.02)
        finally:
            over.set()
        for worker in workers:
            worker.result()
    for slug, made in done.items():
        found = names(running, slug, signed_in[slug])
        assert len(found) == len(set(found))
        assert {name.partition("-")[0] for name in found} == {slug}
        assert set(made) <= set(found)
        assert len(set(found) - set(made)) <= 8  # committed, but its answer was lost: at most one a thread and restart
    assert requests.get(f"{running.url}/readyz", timeout=30).status_code == 200


def test_redis_goes_and_comes_back(running: Site) -> None:
    headers = running.sign_in("acme")
    running.redis.stop()
    try:
        assert create(running, "acme", headers, name="Without Redis").status_code == 201
        assert "Without Redis" in names(running, "acme", headers)
        assert running.ask("GET", CLIENTS, "unknown").status_code == 404
        answer = running.ask(
            "POST", "/api/v1/auth/login/", "acme", json={"email": "owner@acme.example", "password": PASSWORD}
        )
        assert answer.status_code in {200, 503}, answer.text
        ready = requests.get(f"{running.url}/readyz", timeout=30)
        assert (ready.status_code, ready.json()["checks"]["redis"]) == (503, "failed")
    finally:
        running.redis.start()
    assert requests.get(f"{running.url}/readyz", timeout=30).status_code == 200
    assert create(running, "acme", headers, name="With Redis").status_code == 201


def test_the_log_is_json_and_keeps_every_secret(running: Site) -> None:
    """People sign in, fail to, and keep clients; then every line the process wrote is read."""
    headers = running.sign_in("acme")
    token = headers["Authorization"].removeprefix("Bearer ")
    wrong = {"email": SECRETS["email"], "password": "wrong-" + PASSWORD}
    login = running.ask("POST", "/api/v1/auth/login/", "acme", json=wrong)
    assert login.status_code == 401
    created = create(running, "acme", headers, **SECRETS)
    assert created.status_code == 201, created.text
    assert create(running, "acme", headers, **SECRETS).status_code == 409  # the database names the document
    assert create(running, "acme", headers, **{**SECRETS, "phone": "x"}).status_code == 422
    search = {"search": SECRETS["name"], "email": SECRETS["email"]}
    for path in (CLIENTS, f"/nothing/{SECRETS['email']}/", f"{CLIENTS}{SECRETS['document']}/"):
        running.ask("GET", path, "acme", headers=headers, params=search)
    running.ask("GET", "/api/v1/auth/me/", "globex", headers=headers)  # acme's token elsewhere
    cookies = {"colmeia_refresh": "s3cr3t-r3fr3sh", "csrftoken": "s3cr3t-csrf"}
    running.ask("POST", "/api/v1/auth/refresh/", "acme", headers={"X-CSRFToken": "s3cr3t-csrf"}, cookies=cookies)

    text = running.log.read_text()
    secrets = [*SECRETS.values(), PASSWORD, token, token.split(".")[2], "s3cr3t-r3fr3sh", "s3cr3t-csrf"]
    secrets += ["owner@acme.example", "52998224725", "+5511987654321", "Quintanilha"]
    assert [secret for secret in secrets if secret in text] == []
    lines = running.lines()
    finished = [line for line in lines if line["event"] == "request_finished"]
    assert all(len(line["request_id"]) == 36 and line["duration_ms"] >= 0 for line in finished)
    made = [line for line in finished if line["request"] == "POST /api/v1/clients/" and line["code"] == 201][-1]
    assert (made["organization"], made["schema"], made["level"]) == ("acme", "org_acme", "info")
    assert len(made["user_id"]) == 36
