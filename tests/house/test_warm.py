"""A process that serves has its code read before the first request."""

from __future__ import annotations

import json
import os
import subprocess
import sys

# Asked of a process of its own: in this one everything is read already.
ASK = """
import json, sys
from config.wsgi import application
before = set(sys.modules)
from django.urls import get_resolver
from django.template.loader import get_template
get_resolver("config.urls.platform").resolve("/webhooks/sandbox/")
get_resolver("config.urls.tenant").resolve("/clients/")
get_template("web/error.html")
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_the_first_request_reads_no_code_of_ours() -> None:
    answer = subprocess.run([sys.executable, "-c", ASK], env=os.environ, capture_output=True, text=True, check=True)
    late = json.loads(answer.stdout.splitlines()[-1])
    assert [name for name in late if name.split(".")[0] in {"billing", "config", "shared_apps", "tenant_apps"}] == []
