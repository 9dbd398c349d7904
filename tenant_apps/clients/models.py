"""The clients of an organization, the places where it works for them, and the things it looks after there."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel, Versioned


class ClientQuerySet(models.QuerySet["Client"]):
    def standing(self) -> Self:
        return self.filter(archival=None)

    def archived(self) -> Self:
        return self.exclude(archival=None)

    def with_words(self, query: str, *, read: bool = False) -> Self:
        """Those that match a tsquery made by `words.query`. Empty: all of them. `read`: without the search index."""
        return self.filter(**{"search__read_words" if read else "search__words": query}) if query else self


class Client(Versioned):
    """Someone the organization works for. Who pays is not where the work is: that is a Place.

    `name_key`, `cities` and `search` are derived from the name, document, phone and places; `services` keeps them so.
    `archival` is the archival in force, None while the client stands: one fact, on which the database itself lets a
    document be taken once among standing clients.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        COMPANY = "company", _("company")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=160)
    legal_name = models.CharField(_("legal name"), max_length=160, blank=True)
    document = models.CharField(_("CPF or CNPJ"), max_length=14, blank=True)  # characters without punctuation
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)  # E.164
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    custom = models.JSONField(_("custom fields"), default=dict, blank=True)  # CustomField.key -> value
    archival = models.OneToOneField("Archival", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    name_key = models.CharField(max_length=320, db_collation="C", editable=False)
    cities = ArrayField(models.CharField(max_length=90), default=list, blank=True, editable=False)
    search = SearchVectorField(default="", editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(archival=None) & ~Q(document=""), name="clients_document_once"
            ),
        ]
        indexes = [
            GinIndex(
                fields=["search", "tags", "custom"],
                opclasses=["tsvector_ops", "array_ops", "jsonb_path_ops"],
                name="clients_client_find",
                fastupdate=False,  # no pending list that every search would have to read through
            ),
            models.Index(fields=["name_key", "id"], name="clients_client_by_name"),
            models.Index(fields=["created_at", "id"], name="clients_client_by_age"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archival_id is not None


class Archival(UUIDModel):
    """A client was put away: by whom, when and why; and, once it is back, who restored it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="archivals")
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    restored_by = models.ForeignKey("team.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    restored_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(Client, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(restored_at=None), name="clients_archived_once"),
        ]

    def __str__(self) -> str:
        return self.reason


class Place(Versioned):
    """Where the work is done."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="places")
    label = models.CharField(_("label"), max_length=80, blank=True)
    street = models.CharField(_("street"), max_length=160, blank=True)
    number = models.CharField(_("number"), max_length=20, blank=True)
    complement = models.CharField(_("complement"), max_length=80, blank=True)
    district = models.CharField(_("district"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)  # UF
    postal_code = models.CharField(_("CEP"), max_length=8, blank=True)  # digits
    access_notes = models.TextField(_("access notes"), blank=True)

    def __str__(self) -> str:
        return self.label or " ".join(filter(None, [self.street, self.number])) or self.city

    @property
    def city_and_state(self) -> str:
        return " - ".join(filter(None, [self.city, self.state]))


class Asset(Versioned):
    """Something that is looked after at a place: a pool, its volume in m³ and its surface in m²."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="assets")
    kind = models.CharField(_("kind"), max_length=40, default="pool")
    name = models.CharField(_("name"), max_length=80)
    volume_m3 = models.DecimalField(_("volume (m³)"), max_digits=9, decimal_places=2, null=True, blank=True)
    surface_m2 = models.DecimalField(_("surface (m²)"), max_digits=9, decimal_places=2, null=True, blank=True)
    filter = models.CharField(_("filter"), max_length=80, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    def __str__(self) -> str:
        return self.name


class CustomField(UUIDModel):
    """A field that the organization adds to its clients. `key` and `type` never change: values depend on them."""

    class Type(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        CHOICE = "choice", _("choice")
        DATE = "date", _("date")
        BOOL = "bool", _("yes or no")

    key = models.CharField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=80)
    type = models.CharField(_("type"), max_length=6, choices=Type, default=Type.TEXT)
    required = models.BooleanField(_("required"), default=False)
    choices = ArrayField(models.CharField(max_length=80), verbose_name=_("choices"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "key"]
        constraints = [models.UniqueConstraint(fields=["key"], name="clients_customfield_key_once")]

    def __str__(self) -> str:
        return self.label


class SavedView(UUIDModel):
    """A way in which a member looks at the list of clients: what the address asks for, by name.

    The one without a name says how the member's list is arranged: which columns it has.
    """

    member = models.ForeignKey("team.Member", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60, blank=True)
    address = models.CharField(max_length=1000, blank=True)  # the query of the address, without "?"
    columns = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "name"], name="clients_savedview_name_once")]

    def __str__(self) -> str:
        return self.name
