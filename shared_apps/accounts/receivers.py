"""What follows when a person signs in on the platform."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from shared_apps.accounts.models import User
from shared_apps.web import locale


@receiver(user_logged_in)
def speak_their_language(request: HttpRequest | None, user: User, **_: Any) -> None:
    if request is not None:
        locale.adopt(request, user.locale)
