"""`make run` refuses what cannot work before it starts anything."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from honcho.printer import Printer

from config import run

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("text", ["", "abc", "0", "-1", "65536", "80 80", "8_000"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(run.Refused, match="PORT must be a number from 1 to 65535"):
        run.free_port(text)


def test_a_busy_port_is_refused_with_another_to_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(run.Refused, match=f"port {port} is in use .* PORT={port + 1} make run"):
            run.free_port(str(port))


def test_a_free_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert run.free_port(str(port)) == port


def test_a_busy_port_ends_the_command_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        environment = {**os.environ, "PORT": str(server.getsockname()[1])}
        command = [sys.executable, "-m", "config.run"]
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("make run: port ")
    assert result.stderr.count("\n") == 1


def test_the_welcome_says_where_and_who() -> None:
    owner = {"role": "owner", "email": "demo@demo.example", "password": "sesame-sesame"}
    staff = {"email": "staff@demo.example", "password": "open-sesame", "secret": "ABCDEFGH"}
    welcome = run.welcome(8001, [owner], staff)
    assert "http://localhost:8001/console/" in welcome
    assert "staff@demo.example  open-sesame" in welcome
    assert "an authenticator app with ABCDEFGH" in welcome
    assert "http://demo.localhost:8001/api/v1/docs/" in welcome
    assert "Sign in as owner   demo@demo.example  sesame-sesame" in welcome


def test_the_sandbox_listens_beside_it_and_everybody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_GATEWAY", "sandbox")
    monkeypatch.setenv("SANDBOX_URL", "")  # restored at the end
    with socket.create_server(("127.0.0.1", 0)) as server:
        busy = server.getsockname()[1]
        found = run.sandbox_port(busy - 10)
    assert found is not None
    assert found > busy
    assert os.environ["SANDBOX_URL"] == f"http://localhost:{found}"
    assert f"http://localhost:{found}" in run.welcome(8000, [], {"email": "", "password": "", "secret": ""}, found)


def test_no_sandbox_runs_beside_another_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_GATEWAY", "stripe")
    assert run.sandbox_port(8000) is None


class TestProcesses:
    """honcho with real programs."""

    def manager(self, tmp_path: Path, **commands: str) -> run.Processes:
        with (tmp_path / "output").open("w") as output:
            manager = run.Processes(Printer(output))
            for name, command in commands.items():
                manager.add_process(name, command)
            before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
            try:
                manager.loop()
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)
        return manager

    def test_one_that_fails_ends_the_others_and_is_named(self, tmp_path: Path) -> None:
        manager = self.manager(tmp_path, web="exec sleep 60", beat="exit 3")
        assert manager.first_to_end == "beat"
        assert manager.returncode == 3
        assert not manager.asked_to_stop

    def test_being_asked_is_no_failure(self, tmp_path: Path) -> None:
        manager = self.manager(tmp_path, web="exec sleep 60", worker=f"sleep 0.5; kill -TERM {os.getpid()}; sleep 60")
        assert manager.asked_to_stop
