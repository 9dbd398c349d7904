"""What is typed on the settings pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _

from shared_apps.organizations import profile
from shared_apps.organizations.models import Organization
from shared_apps.organizations.profile import ChangedMeanwhile
from shared_apps.web.forms import Form, TextField

T = TypeVar("T")
SALT = "organizations.settings"
BRAZIL = {
    "Sao_Paulo": "Brasília, São Paulo", "Manaus": "Manaus", "Cuiaba": "Cuiabá", "Campo_Grande": "Campo Grande",
    "Belem": "Belém", "Fortaleza": "Fortaleza", "Recife": "Recife", "Maceio": "Maceió", "Bahia": "Salvador",
    "Araguaina": "Araguaína", "Santarem": "Santarém", "Porto_Velho": "Porto Velho", "Boa_Vista": "Boa Vista",
    "Rio_Branco": "Rio Branco", "Eirunepe": "Eirunepé", "Noronha": "Fernando de Noronha",
}  # fmt: skip


def zones() -> list[tuple[Any, Any]]:
    """Brazil's first."""
    home = [(f"America/{name}", label) for name, label in BRAZIL.items()]
    known = {name for name, _label in home}
    rest = sorted(zone for zone in available_timezones() if "/" in zone and zone not in known and "Etc/" not in zone)
    return [(_("Brazil"), home), (_("Elsewhere"), [(zone, zone.replace("_", " ")) for zone in rest])]


class SettingsForm(Form):
    """Carries what the page showed, signed, so that a change by somebody else meanwhile is noticed and shown."""

    rules: ClassVar[Mapping[str, object]] = {}
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    changes: list[dict[str, Any]]

    @classmethod
    def showing(cls, organization: Organization) -> SettingsForm:
        shown = profile.shown(organization, cls.rules)
        return cls(initial={**shown, "seen": signing.dumps(shown, salt=SALT)})

    def clean_seen(self) -> dict[str, Any] | None:
        try:
            return signing.loads(self.cleaned_data["seen"], salt=SALT)
        except signing.BadSignature:
            return None

    def attempt(self, service: Callable[..., T], *given: Any, **named: Any) -> T | None:
        try:
            return super().attempt(service, *given, **named)
        except ChangedMeanwhile as error:
            self.changes = [
                {"label": self.fields[name].label, "seen": self._words(name, seen), "now": self._words(name, now)}
                for name, (seen, now) in error.changes.items()
            ]
            now = {name: current for name, (_seen, current) in error.changes.items()}
            untouched = {
                name: now[name] for name, (seen, _now) in error.changes.items() if self.cleaned_data[name] == seen
            }
            seen_now = signing.dumps({**(self.cleaned_data["seen"] or {}), **now}, salt=SALT)  # sent again, it is meant
            self.data = {**self.data.dict(), **untouched, "seen": seen_now}  # type: ignore[attr-defined] # a bound form has some
            self.add_error(None, error.detail)
        return None

    def _words(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        choices = dict(flatten_choices(getattr(self.fields[name], "choices", [])))
        return str(choices.get(value, value) or _("nothing"))


class ProfileForm(SettingsForm):
    rules = profile.PROFILE

    name = TextField(limit=120, label=_("Name of the firm"))
    legal_name = TextField(limit=160, label=_("Legal name"), required=False)
    document = TextField(limit=18, mask="cpf-cnpj", label=_("CPF or CNPJ"), required=False)
    email = forms.EmailField(max_length=254, label=_("E-mail"), required=False)
    phone = TextField(limit=20, mask="phone", label=_("Phone"), required=False)
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in profile.CURRENCIES])
    accent = forms.CharField(
        max_length=20,
        required=False,
        label=_("Accent colour"),
        help_text=_("For buttons and links. Leave it empty for ours."),
        widget=forms.TextInput(
            attrs={"data-accent": "accent-preview", "placeholder": "#b45309", "spellcheck": "false"}
        ),
    )


class SecurityForm(SettingsForm):
    rules = profile.SECURITY

    require_mfa = forms.BooleanField(label=_("Everybody signs in with a second step"), required=False)
    idle_minutes = forms.IntegerField(
        label=_("Sign out after this many minutes without use"),
        help_text=_("From 5 to 480. A warning comes a minute before."),
        widget=forms.NumberInput(attrs={"min": profile.LEAST_IDLE, "max": profile.MOST_IDLE, "inputmode": "numeric"}),
    )


class LogoForm(Form):
    """The file itself is read by `uploaded()`."""

    logo = forms.Field(label=_("Logo"), required=False)


class DomainForm(Form):
    domain = TextField(
        limit=300,
        label=_("Domain"),
        help_text=_("For example clientes.minhaempresa.com.br."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "inputmode": "url"}),
    )
