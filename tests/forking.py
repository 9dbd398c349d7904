"""`manage.py` without the seconds that Python takes to read nine hundred modules: forked from a process that has.

Each command is a process of its own all the same, with its own connections, arguments, standard input and exit code;
what it forks from has read the code and the settings, and opened nothing. Run as a module it is that process.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


class Commands:
    """One at a time, whichever thread asks."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lock = Lock()

    def run(self, *arguments: str, typed: str = "") -> Done:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock, tempfile.TemporaryDirectory() as directory:
            place = Path(directory)
            (place / "in").write_text(typed)
            self._process.stdin.write(json.dumps([directory, *arguments]) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
            assert answer, "the process that commands are forked from has ended"
            return Done(int(answer), (place / "out").read_text(), (place / "err").read_text())


@contextmanager
def commands(environment: dict[str, str]) -> Iterator[Commands]:
    """Ready at once; the first command waits until all is read."""
    program = [sys.executable, "-m", "tests.forking"]
    with subprocess.Popen(
        program, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Commands(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()  # which ends it


def serve() -> None:
    import django

    django.setup()
    from django.urls import get_resolver

    from config.celery import app

    app.loader.import_default_modules()
    get_resolver().url_patterns  # noqa: B018 - reads the views
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        directory, *arguments = json.loads(line)
        child = os.fork()
        if not child:
            _become(Path(directory), arguments)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(place: Path, arguments: list[str]) -> None:
    """This process, just forked, is `manage.py` from here on. Does not return."""
    code = 1
    try:
        for number, (name, flags) in enumerate((("in", os.O_RDONLY), ("out", _WRITING), ("err", _WRITING))):
            os.dup2(os.open(place / name, flags, 0o600), number)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        sys.argv = ["manage.py", *arguments]
        runpy.run_path("manage.py", run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - whatever it is, it ends here
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


_WRITING = os.O_WRONLY | os.O_CREAT

if __name__ == "__main__":
    serve()
