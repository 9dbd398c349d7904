"""The client list under every way of finding the organization: CPU per request, requests per second, statements."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from dataclasses import dataclass

from tests.bench import processes
from tests.bench.harness import Agent, Row, faster, near
from tests.bench.servers import Servers

REQUESTS = 400
LIST = "/api/v1/clients/"
USUAL = "/usual/clients/"
PAGE = "/clients/"
VARIANTS = {  # name: settings, path, further environment
    "ours": ("tests.bench.ours_settings", LIST, {}),
    "vanilla": ("tests.bench.web_vanilla_settings", LIST, {}),
    "vanilla persistent": ("tests.bench.web_vanilla_settings", LIST, {"BENCH_CONN_MAX_AGE": "600"}),
    "plain": ("tests.bench.web_plain_settings", LIST, {}),
    "page": ("tests.bench.ours_settings", PAGE, {}),
    "plain usual": ("tests.bench.web_plain_settings", USUAL, {}),
}


@dataclass
class Measured:
    cpu_ms: float
    per_second: float
    p50_ms: float
    p95_ms: float


def lines(servers: Servers, ours: Agent, rounds: int) -> list[Row]:
    token = ours.call("web_data", clients=500)
    headers = {"Authorization": f"Bearer {token}", "Cookie": ours.call("page_cookie")}
    postmaster = processes.postmaster_pid(servers.ours)
    taken: dict[str, list[Measured]] = {name: [] for name in VARIANTS}
    with ExitStack() as stack:
        running = {}
        for number, (name, (settings, path, environment)) in enumerate(VARIANTS.items()):
            running[name] = stack.enter_context(
                processes.web(
                    "tests.bench.wsgi",
                    18700 + number,
                    {**servers.web_environment(), **environment, "DJANGO_SETTINGS_MODULE": settings},
                    "bench.localhost",
                    path,
                    headers,
                )
            )
        for round_number in range(rounds):
            names = list(VARIANTS) if round_number % 2 == 0 else list(reversed(VARIANTS))
            for name in names:
                port = 18700 + list(VARIANTS).index(name)
                taken[name].append(_measure(running[name].pid, postmaster, port, VARIANTS[name][1], headers))
    found = {
        name: Measured(*(statistics.median(getattr(one, field) for one in all_) for field in Measured.__annotations__))
        for name, all_ in taken.items()
    }
    for name, one in found.items():
        print(
            f"  {name:20} {one.cpu_ms:6.2f} ms CPU  {one.per_second:6.0f} req/s  "
            f"p50 {one.p50_ms:.1f} ms  p95 {one.p95_ms:.1f} ms"
        )
    mine = found["ours"].cpu_ms
    per_second = {name: f"{one.per_second:.0f}/s" for name, one in found.items()}

    def note(name: str) -> str:
        return f"requests per second: {per_second['ours']} against {per_second[name]}"

    as_documented, persistent = found["vanilla"].cpu_ms, found["vanilla persistent"].cpu_ms
    plain, usual = found["plain"].cpu_ms, found["plain usual"].cpu_ms
    page = found["page"].cpu_ms
    return [
        near("client list as a page, against the API's", page, mine, 1.3, unit="ms CPU", note=note("page")),
        faster(
            "client list, django-tenants as documented", mine, as_documented, 4, unit="ms CPU", note=note("vanilla")
        ),
        faster(
            "client list, django-tenants, persistent connections",
            mine,
            persistent,
            1.2,
            unit="ms CPU",
            note=note("vanilla persistent"),
        ),
        near("client list, same view in one plain schema", mine, plain, 1.1, unit="ms CPU", note=note("plain")),
        near(
            "client list, plain Django with a serializer",
            mine,
            usual,
            0.5,
            unit="ms CPU",
            note=note("plain usual"),
        ),
    ]


def _measure(pid: int, postmaster: int, port: int, path: str, headers: dict[str, str]) -> Measured:
    processes.load(port, "bench.localhost", path, headers, 20)
    before = processes.cpu_of_tree(pid) + processes.cpu_of_tree(postmaster)
    seconds = processes.load(port, "bench.localhost", path, headers, REQUESTS)
    cpu = processes.cpu_of_tree(pid) + processes.cpu_of_tree(postmaster) - before
    ordered = sorted(seconds)
    return Measured(
        cpu * 1000 / REQUESTS,
        REQUESTS / sum(seconds),
        statistics.median(ordered) * 1000,
        ordered[int(len(ordered) * 0.95)] * 1000,
    )
