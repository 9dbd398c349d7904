"""The person: one user across organizations."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(UUIDModel, AbstractBaseUser, PermissionsMixin):
    """Signs in with an e-mail address, stored in lower case."""

    id: UUID
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    locale = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # may open the platform owner's console
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_ci")]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """As packages ask for it."""
        return self.name


class SignInAttempt(UUIDModel):
    """A sign-in that failed or has not been judged yet. Only keyed hashes say from where and for whom (throttle.py)."""

    email_hash = models.CharField(max_length=64)
    address_hash = models.CharField(max_length=64, blank=True)  # empty: the address is unknown
    failed = models.BooleanField(default=False)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["email_hash", "at"], name="accounts_attempt_email"),
            models.Index(fields=["address_hash", "at"], name="accounts_attempt_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class SignIn(UUIDModel):
    """Somebody signed in: what the person is shown as their history, kept for settings.SIGN_IN_HISTORY_DAYS."""

    class Method(models.TextChoices):
        PASSWORD = "password", _("password")
        CODE = "code", _("password and code")
        GOOGLE = "google", "Google"
        PASSKEY = "passkey", _("passkey")
        SIGN_UP = "sign_up", _("sign-up")
        INVITATION = "invitation", _("invitation")
        HAND_OVER = "hand_over", _("from the sign-in on the platform")
        OTHER = "other", _("other")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)
    method = models.CharField(max_length=12, choices=Method)
    device = models.CharField(max_length=120, blank=True)  # "Chrome, Android"
    address = models.GenericIPAddressField(null=True, blank=True)
    organization_id = models.UUIDField(null=True, blank=True)  # None: on the platform's host
    is_new_device = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="accounts_sign_in_recent")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d %H:%M}"


class KnownDevice(UUIDModel):
    """A device this person has signed in from. Only a keyed hash says which (devices.py)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key_hash"], name="accounts_known_device_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key_hash[:8]}"


class PlatformSession(UUIDModel):
    """Django's session of a person on the platform's host, so that they can be shown it and end it from elsewhere."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=120, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.device}"


class SignInStep(UUIDModel):
    """Half a sign-in to the API: the password was right, and a code (or setting one up) is still missing.

    The token is the app's; only its hash is kept. It is good once, soon, in one organization, and only while the
    password is the one it was given for.
    """

    class Purpose(models.TextChoices):
        CODE = "code"  # what is missing is a code
        ENROLMENT = "enrolment"  # the organization asks for two steps, and the person has one
        SETUP = "setup"  # somebody who is signed in adds an authenticator app
        PASSKEY = "passkey"  # the same of a passkey

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    organization_id = models.UUIDField()
    purpose = models.CharField(max_length=9, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    password_mark = models.CharField(max_length=64)
    secret = models.TextField(blank=True)  # of the app or passkey being set up, encrypted (mfa.py)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.purpose}"
