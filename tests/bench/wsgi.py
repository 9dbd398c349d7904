"""`gunicorn tests.bench.wsgi` with DJANGO_SETTINGS_MODULE naming the variant."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
