"""`python -m config.messages update|compile|check`"""

from __future__ import annotations

import sys

from config.messages import catalogues, check, places


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        return update()
    if arguments in (["compile"], ["compile", "--force"]):
        catalogues.compile_stale(force="--force" in arguments)
        return 0
    if arguments == ["check"]:
        return report()
    print("python -m config.messages update|compile|check", file=sys.stderr)
    return 2


def update() -> int:
    memory = catalogues.memory_of(places.catalogues())
    for app in places.apps():
        if catalogues.renew(app, memory):
            print(f"{places.shown(app)}/{places.CATALOGUE}")
    catalogues.compile_stale()
    return 0


def report() -> int:
    """1 when something is missing, each with its file and line."""
    problems = check.everything()
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problems. `make messages` updates the catalogues; then translate.", file=sys.stderr)
    return min(len(problems), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
