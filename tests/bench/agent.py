"""A long-lived process of one project that runs named functions on request: so that rounds can be interleaved.

Reads a JSON line {"call": "name", "args": {...}} and answers a JSON line {"result": ...} or {"error": ...}.
"""

import json
import sys
import traceback
from importlib import import_module


def main(module_name: str) -> None:
    import django

    django.setup()
    module = import_module(module_name)
    answers = sys.stdout
    sys.stdout = sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": getattr(module, request["call"])(**request["args"])}
        except Exception:  # noqa: BLE001 - handed to the process that asked
            answer = {"error": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
