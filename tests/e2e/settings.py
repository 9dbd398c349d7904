"""The settings of a live server: a developer's, but for the third of a second that each password takes on purpose."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from config.settings.dev import *  # noqa: F403 - settings are names


class Quick(PBKDF2PasswordHasher):
    """The same in all but its patience."""

    iterations = 1_000


PASSWORD_HASHERS = [f"{__name__}.Quick"]
