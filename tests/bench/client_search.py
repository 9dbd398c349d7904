"""Database time of the client list at 100,000 clients: `python -m tests.bench.client_search [clients]`.

Fills an organization's tables by SQL on a server of its own and prints EXPLAIN ANALYZE times (milliseconds, best of
seven, warm cache) of the statements that a first page of the list costs. Nothing here is a test: times are for people.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from config import embedded

FIRST = "maria jose joao ana antonio francisco carlos paulo pedro lucas luiz gabriel rafael".split()  # noqa: SIM905
LAST = "silva silva silva santos santos oliveira souza pereira lima ferreira costa almeida".split()  # noqa: SIM905
CITIES = ["Campinas SP", "Sorocaba SP", "Santos SP", "Recife PE", "Natal RN", "Niteroi RJ", "Betim MG", "Olinda PE"]
TERMS = [
    "",
    "silva",
    "a",
    "s",
    "maria silva",
    "maria silva campinas",
    "zzz",
    "1",
    "11",
    "98765",
    "silva a",
    "z",
    "cliente",
    "condominio",
    "vila",
    "silva 4321",
    "jo si",
]

FILL = """
INSERT INTO clients_client (id, version, created_at, updated_at, kind, name, legal_name, document, email, phone, tags,
                            notes, custom, name_key, cities, search)
SELECT gen_random_uuid(), 1, now() - n * interval '1 minute', now(), 'person', initcap(name), '', document,
       n || '@c.example',       '+' || phone, ARRAY['vip'], repeat('note ', 20),
       jsonb_build_object('pool_type', CASE n %% 3 WHEN 0 THEN 'vinyl' ELSE 'tile' END),
       name, ARRAY[city],
       array_to_tsvector(string_to_array(name, ' ') || ARRAY[document, phone, substr(phone, 3), substr(phone, 5),
           '~' || reverse(phone), lower(split_part(city, ' ', 1)), '@' || lower(split_part(city, ' ', 2)),
           '@:' || lower(split_part(city, ' ', 1))])
FROM (SELECT n, CASE WHEN n %% 10 = 0 THEN 'condominio ' WHEN n %% 6 = 0 THEN 'vila ' ELSE '' END
             || (%(first)s::text[])[1 + floor(random() * %(firsts)s)::int] || ' '
             || (%(last)s::text[])[1 + floor(random() * %(lasts)s)::int] || ' '
             || (%(last)s::text[])[1 + floor(random() * %(lasts)s)::int] || ' cliente' || n AS name,
             lpad(n::text, 11, '0') AS document,
             '5511' || (900000000 + floor(random() * 99999999)::bigint)::text AS phone,
             (%(cities)s::text[])[1 + floor(random() * 8)::int] AS city
      FROM generate_series(1, %(clients)s) n) made
"""


def main(clients: int) -> None:
    with embedded.ephemeral() as servers:
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = servers.database_url, servers.redis_url
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        import django

        django.setup()
        run(clients)


def run(clients: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from shared_apps.tenancy import context
    from shared_apps.web.api import rows
    from tenant_apps.clients import models, queries
    from tenant_apps.team.models import Member

    with context.enter("org_bench"), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA org_bench")
        with connection.schema_editor() as editor:
            for model in (Member, models.Archival, models.Client, models.Place, models.Asset, models.CustomField):
                editor.create_model(model)
        fill(cursor, clients)
        cursor.execute("SELECT pg_size_pretty(pg_total_relation_size('clients_client'))")
        print(f"{clients} clients, {cursor.fetchone()[0]}")
        for term in TERMS:
            wanted = queries.Wanted(search=term)
            spent = []
            for _ in range(7):
                with CaptureQueriesContext(connection) as statements:
                    rows.page(
                        queries.clients(wanted),
                        queries.client_rows,
                        ("name_key", "id"),
                        number=1,
                        size=50,
                        sought=wanted.is_sought,
                        counted=False,
                        first=queries.first_of(wanted),
                        walking=queries.clients(wanted, read=True),
                    )
                spent.append([explained(cursor, statement["sql"]) for statement in statements.captured_queries])
            best = min(spent, key=sum)
            print(f"{term!r:24} {sum(best):7.2f} ms  = " + " + ".join(f"{ms:.2f}" for ms in best))


def fill(cursor: Any, clients: int) -> None:
    """So many clients, the same ones each time, into the active schema."""
    cursor.execute("SELECT setseed(0.5)")
    names = {"first": FIRST, "firsts": len(FIRST), "last": LAST, "lasts": len(LAST), "cities": CITIES}
    cursor.execute(FILL, {**names, "clients": clients})
    cursor.execute("VACUUM ANALYZE clients_client")


def explained(cursor: Any, statement: str) -> float:
    """Execution time in ms, planning included."""
    cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement)
    plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return float(plan[0]["Planning Time"] + plan[0]["Execution Time"])


if __name__ == "__main__":
    main(int(next((argument for argument in sys.argv[1:] if argument.isdigit()), "100000")))
