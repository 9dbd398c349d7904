"""One more migration for the clients app, made for the measurement: both projects are then one AddField behind.

BENCH_MIGRATIONS names a directory that holds the package `bench_clients_migrations`, a copy of the app's migrations
with that one more. Unset: the app's own.
"""

import os
import shutil
import sys
from pathlib import Path

PACKAGE = "bench_clients_migrations"
ONE_MORE = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "{last}")]
    operations = [migrations.AddField("client", "bench_{number}", models.IntegerField(db_default=0))]
"""


def migration_modules() -> dict[str, str]:
    directory = os.environ.get("BENCH_MIGRATIONS")
    if not directory:
        return {}
    if directory not in sys.path:
        sys.path.insert(0, directory)
    return {"clients": PACKAGE}


def make_package(directory: Path, *, more: int) -> None:
    """Write the package with `more` additional AddField migrations."""
    source = Path(__file__).parents[2] / "tenant_apps" / "clients" / "migrations"
    target = directory / PACKAGE
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    last = max(path.stem for path in target.glob("0*.py"))
    for number in range(1, more + 1):
        name = f"9{number:03}_bench"
        (target / f"{name}.py").write_text(ONE_MORE.format(last=last, number=number))
        last = name
