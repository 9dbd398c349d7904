"""Settings, URLs, processes. Importing it loads the Celery application so that tasks register with it."""
