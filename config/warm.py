"""What a process reads before it takes its first request, so that nobody waits for it: URLs and templates.

Without it the first request of every new worker takes most of a second, and with it whoever rings meanwhile.
"""

from __future__ import annotations

import gc

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver, set_urlconf


def warm() -> None:
    """Import what the URLs name, which is nearly all of the code, and what templates load. No connection is opened.

    What is loaded then stays, so the collector is told to leave it alone: walking it again and again took a tenth of
    the time of a request.
    """
    for urlconf in (settings.ROOT_URLCONF, settings.TENANT_URLCONF):
        set_urlconf(urlconf)
        list(get_resolver(urlconf).reverse_dict)
    set_urlconf(None)
    get_template("web/page.html")
    gc.collect()
    gc.freeze()
