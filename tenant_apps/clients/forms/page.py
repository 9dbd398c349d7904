"""A client, its places and what is looked after there as one form, and what to do when somebody else was quicker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from shared_apps.core.errors import DomainError, NotThere, Stale
from shared_apps.core.ids import uuid7
from shared_apps.core.models import Versioned
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.clients.forms import texts
from tenant_apps.clients.forms.rows import AssetForm, ClientForm, PlaceForm, SeenForm
from tenant_apps.clients.models import Client, CustomField
from tenant_apps.clients.services import Given

MAX_ROWS = 100


class _Rows(BaseFormSet):
    """Rows come and go in the browser; which were stored is said by their `id`, not by their place."""

    @property
    def blank(self) -> Any:
        """The row that the browser copies. Its place has a number of its own: `__prefix__` is the place's."""
        form = self.form(prefix=f"{self.prefix}-__asset__", empty_permitted=True, use_required_attribute=False)
        self.add_fields(form, None)
        return form


AssetSet = formset_factory(AssetForm, formset=_Rows, extra=0, can_delete=True, max_num=MAX_ROWS, absolute_max=200)
_PlaceSet = formset_factory(PlaceForm, extra=0, can_delete=True, max_num=MAX_ROWS, absolute_max=200)


class PlaceSet(_PlaceSet):  # type: ignore[misc,valid-type] # a class that Django makes
    """Each place's form has the forms of its assets: `form.assets`."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        initial = (form.initial or {}).get("assets")
        form.assets = AssetSet(self.data if self.is_bound else None, prefix=f"{form.prefix}-assets", initial=initial)

    def is_valid(self) -> bool:
        right = super().is_valid()
        return all([right, *(form.assets.is_valid() for form in self.forms if form not in self.deleted)])

    @property
    def deleted(self) -> list[Any]:
        return [form for form in self.forms if form.is_bound and form.raw("DELETE")]


@dataclass(frozen=True, slots=True)
class Difference:
    """What somebody else did to a field in the meantime. `mine` is empty when I left it alone."""

    label: str
    theirs: str
    mine: str = ""


class ClientPage:
    """`client` None: a new one. `fields`: the organization's custom fields."""

    def __init__(self, client: Client | None, fields: list[CustomField], data: QueryDict | None = None) -> None:
        self.stored, self.fields = client, fields
        self.differences: list[Difference] = []
        self.is_stale = False
        self._bind(data)

    def _bind(self, data: QueryDict | None) -> None:
        if data is not None:
            self.client = ClientForm(data, custom=self.fields)
            self.places = PlaceSet(data, prefix="places")
            return
        if self.stored is None:
            self.client = ClientForm(custom=self.fields, initial={"id": uuid7()})
            self.places = PlaceSet(prefix="places", initial=[{}])
            return
        self.client = ClientForm(custom=self.fields, initial=_initial(self.stored, self._texts()))
        self.places = PlaceSet(prefix="places", initial=places_of(self.stored))

    def _texts(self) -> dict[str, str]:
        assert self.stored is not None  # noqa: S101 - only asked then
        return texts.of_client(self.stored, self.fields)

    def is_valid(self) -> bool:
        return all([self.client.is_valid(), self.places.is_valid()])

    def attempt(self, service: Any, *given: Any, **named: Any) -> Client | None:
        """As Form.attempt; that somebody was quicker, or closed the client, is said on the page as well."""
        try:
            return cast("Client | None", self.client.attempt(service, *given, **named))
        except (Stale, NotThere):
            self.is_stale = True
        except ClientArchived as error:
            self.client.add_error(None, error.detail)
        except DomainError as error:
            if error.status not in {409, 422}:
                raise
            self.client.add_error(None, error.detail)
        return None

    @property
    def new_id(self) -> UUID:
        """The page's own, so that sent twice it is one client."""
        given = self.client.cleaned_data.get("id")
        return given if given is not None and given.version == 7 else uuid7()

    @property
    def expected(self) -> int:
        return self.client.cleaned_data.get("version") or 0

    def places_given(self) -> list[Given]:
        gone = self.places.deleted
        found = []
        for form in self.places.forms:
            stored = form.cleaned_data.get("id") if hasattr(form, "cleaned_data") else None
            assets = [] if form in gone else _assets_given(form.assets)
            if stored is None and (form in gone or (form.is_blank() and not assets)):
                continue
            found.append(_given(form, removed=form in gone, assets=assets))
        return [one for one in found if one.id is None or one.removed or one.fields or one.assets]

    # -- Somebody else was quicker ------------------------------------------------------------------------------------

    def rebase(self, data: QueryDict) -> None:
        """Show what they did, keep what I did, and let the next attempt be on top of theirs."""
        assert self.stored is not None  # noqa: S101 - what is new cannot be stale
        mine = data.copy()
        self._rebase_form(mine, self.client, self.stored, self._texts())
        places = {place.pk: place for place in self.stored.places.prefetch_related("assets")}
        for form in self.places.forms:
            place = places.pop(_id(form), None)
            self._rebase_form(mine, form, place, texts.of_place(place) if place else {})
            assets = {asset.pk: asset for asset in place.assets.all()} if place else {}
            for row in form.assets.forms:
                asset = assets.pop(_id(row), None)
                self._rebase_form(mine, row, asset, texts.of_asset(asset) if asset else {})
        self._bind(mine)

    def _rebase_form(self, mine: QueryDict, form: SeenForm, stored: Versioned | None, now: Mapping[str, str]) -> None:
        if stored is None:
            if form.raw("id") and form is not self.client:  # they removed it; mine would be added anew
                mine[form.add_prefix("id")] = mine[form.add_prefix("version")] = mine[form.add_prefix("seen")] = ""
            return
        shown, touched = form.shown(), form.touched()
        for name in form.typed():
            theirs = now.get(name, "")
            if theirs.strip() == shown.get(name, "").strip():
                continue
            label = str(form.fields[name].label)
            if name not in touched:
                mine[form.add_prefix(name)] = theirs
                self.differences.append(Difference(label, theirs))
            elif form.raw(name) != theirs:
                self.differences.append(Difference(label, theirs, mine=form.raw(name)))
        mine[form.add_prefix("version")] = str(stored.version)
        mine[form.add_prefix("seen")] = json.dumps(now)


def places_of(client: Client) -> list[dict[str, Any]]:
    """Initial values of the rows. Two statements, however many there are."""
    return [
        _initial(place, texts.of_place(place))
        | {"assets": [_initial(asset, texts.of_asset(asset)) for asset in place.assets.all()]}
        for place in client.places.order_by("id").prefetch_related("assets")
    ]


def _initial(thing: Versioned, shown: Mapping[str, str]) -> dict[str, Any]:
    return {**shown, "id": thing.pk, "version": thing.version, "seen": json.dumps(shown)}


def _assets_given(rows: Any) -> list[Given]:
    gone = [form for form in rows.forms if form.raw("DELETE")]
    found = [
        _given(form, removed=form in gone)
        for form in rows.forms
        if form.raw("id") or not (form in gone or form.is_blank())
    ]
    return [one for one in found if one.id is None or one.removed or one.fields]


def _given(form: Any, *, removed: bool, assets: list[Given] | None = None) -> Given:
    cleaned = form.cleaned_data if hasattr(form, "cleaned_data") else {}
    stored = cleaned.get("id")
    names = form.typed() if stored is None else form.touched()
    fields = {} if removed else {name: cleaned[name] for name in names if name in cleaned}
    return Given(fields=fields, id=stored, version=cleaned.get("version"), removed=removed, assets=assets or [])


def _id(form: SeenForm) -> UUID:
    """The stored row's; of a new one, that of nobody."""
    try:
        return UUID(form.raw("id"))
    except ValueError:
        return UUID(int=0)
