"""ASGI entry point. The active organization lives in a ContextVar, so async views are safe."""

import os

from django.core.asgi import get_asgi_application

from config.warm import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application = get_asgi_application()
warm()
