"""An import of so many clients from upload to end: `python -m tests.bench.client_import [clients]`.

Prints the seconds of the check and of the run, and the process's peak memory, for a CSV and an XLSX of the same rows.
Goal: 10,000 run in under 10 s and under 300 MB.
"""

from __future__ import annotations

import io
import os
import resource
import sys
import time

from config import embedded


def main(clients: int) -> None:
    with embedded.ephemeral() as servers:
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = servers.database_url, servers.redis_url
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        import django

        django.setup()
        run(clients)


def run(clients: int) -> None:
    from shared_apps.tenancy import context
    from tests.bench import side_ours

    side_ours.setup()
    side_ours.organizations(["csv", "xlsx"])
    rows = rows_of(clients)
    for kind in ("csv", "xlsx"):
        content = file_of(kind, rows)
        cpu = time.process_time()
        with context.enter(f"org_{kind}"):
            check, write = import_(content, kind)
        cpu = time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figures = f"check {check:.1f} s, run {write:.1f} s, both {cpu:.1f} s CPU, {peak:.0f} MB"
        print(f"{kind:5} {clients:,} clients: {figures}")


def rows_of(clients: int) -> list[list[str]]:
    from tests.factories.clients import a_cpf

    head = ["Nome", "CPF", "Telefone", "E-mail", "Etiquetas", "Rua", "Número", "Cidade", "UF", "CEP"]
    return [
        head,
        *(
            [f"Cliente {n} da Silva", a_cpf(n), f"119{80000000 + n}", f"c{n}@x.example", "vip, piscina", "Rua Azul",
             str(n), "São Paulo", "SP", "01310-100"]
            for n in range(clients)
        ),
    ]  # fmt: skip


def file_of(kind: str, rows: list[list[str]]) -> bytes:
    from tenant_apps.transfers.sheets import writing

    if kind == "csv":
        return b"".join(writing.csv_lines(rows, language="pt-br"))
    target = io.BytesIO()
    writing.write_xlsx(target, rows)
    return target.getvalue()


def import_(content: bytes, kind: str) -> tuple[float, float]:
    from tenant_apps.clients.models import Client
    from tenant_apps.transfers import services

    source = services.start_import(io.BytesIO(content), name=f"clients.{kind}", actor=None)
    services.begin_check(source, mapping=source.mapping, has_header=True, duplicates="skip", actor=None)
    start = time.perf_counter()
    services.check_import(source.pk)
    checked = time.perf_counter()
    source.refresh_from_db()
    services.begin_run(source, actor=None)
    services.run_import(source.pk)
    done = time.perf_counter()
    source.refresh_from_db()
    if (source.state, source.created) != ("done", Client.objects.count()):
        raise RuntimeError(f"The import ended as {source.state}: {source.message}")
    return checked - start, done - checked


if __name__ == "__main__":
    main(int(next((argument for argument in sys.argv[1:] if argument.isdigit()), "10000")))
