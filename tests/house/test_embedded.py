"""The servers of a clone: found without starting, started once, private, gone when asked."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from config import embedded
from config.embedded.places import LONGEST_SOCKET_PATH, Places

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for servers, named by nothing in the environment; whatever runs there is stopped."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    with tempfile.TemporaryDirectory(prefix="colmeia-test-") as directory:
        yield Path(directory)
        embedded.stop(Path(directory))


def test_addresses_are_known_without_starting_anything(root: Path) -> None:
    assert embedded.addresses(root) == embedded.addresses(root)
    assert list(root.iterdir()) == []


def test_a_deep_directory_gets_short_sockets(root: Path) -> None:
    places = Places(root / ("a" * 100))
    assert len(os.fsencode(places.sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert places.sockets != Places(root / ("b" * 100)).sockets


def test_starts_once_keeps_the_data_and_listens_on_no_port(root: Path) -> None:
    found = embedded.ensure(root)
    with psycopg.connect(found.database_url) as connection:
        connection.execute("CREATE TABLE kept (name text)")
        connection.execute("INSERT INTO kept VALUES ('ação')")
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SELECT upper(name) FROM kept").fetchone() == ("AÇÃO",)
    redis = Redis.from_url(found.redis_url)
    redis.set("kept", "yes")
    assert redis.config_get("port") == {"port": "0"}
    redis.close()
    assert stat.S_IMODE(Places(root).sockets.stat().st_mode) == 0o700

    assert embedded.start(root) == []
    assert [server.name for server in embedded.stop(root)] == ["PostgreSQL", "Redis"]
    assert embedded.running(root) == set()

    embedded.ensure(root)
    with psycopg.connect(found.database_url) as connection:
        assert connection.execute("SELECT name FROM kept").fetchone() == ("ação",)
    with Redis.from_url(found.redis_url) as redis:
        assert redis.get("kept") == b"yes"


def test_two_processes_at_once_start_one_pair(root: Path) -> None:
    code = "import sys, pathlib; from config import embedded; print(len(embedded.start(pathlib.Path(sys.argv[1]))))"
    command = [sys.executable, "-c", code, str(root)]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate(timeout=60)[0].strip() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(outputs) == ["0", "2"]


def test_what_the_environment_names_is_not_started(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/colmeia")
    found = embedded.ensure(root)
    assert found.database_url == "postgres://elsewhere/colmeia"
    assert not Places(root).postgres_data.exists()
    assert embedded.running(root) == {"Redis"}


def test_starts_after_a_power_cut_left_its_lock_files(root: Path) -> None:
    embedded.ensure(root)
    embedded.stop(root)
    places = Places(root)
    # The id of a process that lives and is no PostgreSQL: this one.
    (places.postgres_data / "postmaster.pid").write_text(f"{os.getpid()}\n{places.postgres_data}\n1\n5432\n\n\n0 0\n")
    assert [server.name for server in embedded.start(root)] == ["PostgreSQL", "Redis"]


def test_a_directory_of_another_user_is_refused(root: Path) -> None:
    places = Places(root)
    places.sockets.symlink_to(root / "elsewhere")
    (root / "elsewhere").mkdir()
    with pytest.raises(embedded.EmbeddedServerError, match="belongs to another user"):
        places.make_socket_directory(os.getuid())


def test_ephemeral_servers_take_settings_and_leave_nothing() -> None:
    with embedded.ephemeral({"max_connections": 42}) as found:
        with psycopg.connect(found.database_url) as connection:
            assert connection.execute("SHOW max_connections").fetchone() == ("42",)
            row = connection.execute("SHOW unix_socket_directories").fetchone()
        assert row is not None
        sockets = Path(row[0])
        assert sockets.exists()
    assert not sockets.parent.exists()


@pytest.mark.parametrize(
    ("redis_url", "broker"),
    [
        ("unix:///a%20b/redis.sock?db=3", "redis+socket:///a%20b/redis.sock?virtual_host=3"),
        ("unix:///a/redis.sock", "redis+socket:///a/redis.sock?virtual_host=0"),
        ("rediss://:secret@cache:6380/1", "rediss://:secret@cache:6380/1"),
    ],
)
def test_celery_finds_the_same_redis(redis_url: str, broker: str) -> None:
    assert embedded.broker_url(redis_url) == broker
