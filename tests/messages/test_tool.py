"""`python -m config.messages`: what it finds, keeps and complains about, on an app made for it."""

from __future__ import annotations

import gettext
from pathlib import Path

import allauth
import django
import pytest
import rest_framework
import unfold
from babel.messages.pofile import read_po
from django.utils import translation

from config.messages import catalogues, check, extract, markup, places, sources

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

HELLO = _("Hello, %(name)s")
LONG = _(
    "one "
    "two"
)
def count(n): return ngettext("%(n)d bee", "%(n)d bees", n)
MONTH = pgettext("calendar", "May")
SKIPPED = _(HELLO)
"""
TEMPLATE = """{% extends "x.html" %}{% load i18n %}
<h1 title="{% translate "Hive" %}">{% trans 'Queen' context "bee" %}</h1>
  {% blocktranslate trimmed count n=bees %}
    One bee of {{ queen }}
  {% plural %}
    {{ n }} bees of {{ queen }}, 100%
  {% endblocktranslate %}
{% include "y.html" with title=_("Honey") %}
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tenant_apps" / "hive"
    (folder / "templates" / "hive").mkdir(parents=True)
    (folder / "apps.py").touch()
    (folder / "models.py").write_text(PYTHON)
    (folder / "templates" / "hive" / "page.html").write_text(TEMPLATE)
    monkeypatch.setattr(places, "ROOT", tmp_path)
    monkeypatch.setattr(places.shown, "__defaults__", (tmp_path,))
    return folder


def renewed(app: Path) -> Path:
    catalogues.renew(app, {})
    return app / places.CATALOGUE


def translate(po: Path, text: str, *translated: str) -> None:
    catalog = catalogues.read(po)
    message = next(one for one in catalogues.messages(catalog) if text in (one.id, one.id[0]))
    message.string = translated if len(translated) > 1 else translated[0]
    catalogues.write(po, catalog)


def test_every_marked_text_is_found(app: Path) -> None:
    assert {(text.context, text.id) for text in extract.texts_of(app)} == {
        (None, "Hello, %(name)s"),
        (None, "one two"),
        (None, ("%(n)d bee", "%(n)d bees")),
        ("calendar", "May"),
        (None, "Hive"),
        ("bee", "Queen"),
        (None, ("One bee of %(queen)s", "%(n)s bees of %(queen)s, 100%%")),
        (None, "Honey"),
    }


def test_a_text_is_found_under_whatever_name_gettext_has_there(app: Path) -> None:
    source = (
        'from django.utils.translation import gettext as _t, gettext_lazy as _\n\nA, B = _t("a bee"), _("a hive")\n'
    )
    (app / "views.py").write_text(source)
    assert {"a bee", "a hive"} <= {one.id for one in extract.texts_of(app)}


def test_a_second_update_changes_nothing_and_keeps_what_is_translated(app: Path) -> None:
    po = renewed(app)
    translate(po, "Hive", "Colmeia")
    before = po.read_text()
    assert not catalogues.renew(app, {})
    assert po.read_text() == before
    assert 'msgid "Hive"\nmsgstr "Colmeia"' in before


def test_what_is_no_longer_said_goes_and_what_moves_takes_its_translation_along(app: Path) -> None:
    po = renewed(app)
    translate(po, "Honey", "Mel")
    memory = catalogues.memory_of([po])
    (app / "templates" / "hive" / "page.html").unlink()
    renewed(app)
    assert "Honey" not in po.read_text()
    (app / "models.py").write_text(PYTHON + 'SWEET = _("Honey")\n')
    catalogues.renew(app, memory)
    assert 'msgid "Honey"\nmsgstr "Mel"' in po.read_text()


def test_the_compiled_catalogue_speaks(app: Path) -> None:
    po = renewed(app)
    translate(po, "%(n)d bee", "%(n)d abelha", "%(n)d abelhas")
    assert catalogues.compile_stale(places.ROOT) == [po.with_suffix(".mo")]
    assert catalogues.compile_stale(places.ROOT) == []
    with po.with_suffix(".mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert [spoken.ngettext("%(n)d bee", "%(n)d bees", n) for n in (0, 1, 2)] == [
        "%(n)d abelha",
        "%(n)d abelha",
        "%(n)d abelhas",
    ]
    assert spoken.gettext("Hive") == "Hive"  # not translated yet


def problems(app: Path) -> str:
    return "\n".join(check.catalogue(app, places.ROOT))


def test_whatever_is_missing_is_named_with_its_place(app: Path) -> None:
    assert "tenant_apps/hive/models.py:4: not in the catalogue: 'Hello, %(name)s'" in problems(app)
    po = renewed(app)
    assert f"{places.shown(po)}:" in problems(app)
    assert "untranslated: 'Hive'" in problems(app)
    translate(po, "Hello, %(name)s", "Oi, %(nome)s")
    assert "placeholders ['%(nome)s'] instead of ['%(name)s']: 'Hello, %(name)s'" in problems(app)
    translate(po, "Hive", "Colmeia")
    po.write_text(po.read_text().replace('msgid "Hive"', '#, fuzzy\nmsgid "Hive"') + '\nmsgid "Wax"\nmsgstr "Cera"\n')
    assert "fuzzy: 'Hive'" in problems(app)
    assert "obsolete: 'Wax'" in problems(app)
    translate(po, "%(n)d bee", "%(n)d abelha", "abelhas")
    assert "placeholders [] instead of ['%(n)d']" in problems(app)
    translate(po, "%(n)d bee", "uma abelha", "%(n)d abelhas")  # one is one
    assert "%(n)d bee" not in problems(app)


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ("<p>\n\n  {{ name }} says</p>", ["… says"]),
        ('<input placeholder="Your name">', ['placeholder="Your name"']),
        ('{% include "x.html" with title="No bees" %}', ["No bees"]),
        ("{% if a %}Yes{% else %}No{% endif %}", ["…Yes…No…"]),
        ("<p>Colmeia · CPF &nbsp; {{ x }} 12 m² /</p>", []),
        ('<p title="{% translate "Hi there" %}">{% translate "Hi there" %}</p>', []),
        (
            "{% blocktranslate %}Hi {{ a }} there{% endblocktranslate %}{# Hi there #}{% comment %}Hi{% endcomment %}",
            [],
        ),
        ('{% include "x.html" with title=_("No bees") icon="users" %}<code>make run</code>', []),
        ('{% block body_attributes %} data-minutes="{{ n }}"{% endblock %}', []),
    ],
)
def test_text_in_templates_is_marked(tmp_path: Path, template: str, found: list[str]) -> None:
    path = tmp_path / "page.html"
    path.write_text(template)
    assert [text for _line, text in markup.bare(path)] == found


def test_the_line_of_a_bare_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    path.write_text(
        "{% load i18n %}\n{% blocktranslate %}\nOne\n{% endblocktranslate %}\n\nBye https://a.example now\n"
    )
    assert list(markup.bare(path)) == [(6, "Bye https://a.example now")]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('toast(request, "Client archived.")', ["Client archived."]),
        ('toast(request, f"{name} archived.")', ["f'{name} archived.'"]),
        ('toast(request, _("Client archived."))', []),
        ('raise FieldError("name", "Taken.")', ["Taken."]),
        ('name = CharField(label="Name", help_text=_("Full"))', ["Name"]),
        ('class Gone(DomainError):\n    code = "gone"\n    message = "Gone away."', ["Gone away."]),
        ('field = CharField(label="CEP")', []),
    ],
)
def test_text_in_python_is_marked(tmp_path: Path, code: str, found: list[str]) -> None:
    path = tmp_path / "views.py"
    path.write_text(code)
    assert [text for _line, text in sources.bare(path)] == found


def test_what_packages_say_and_we_say_otherwise_is_still_said_by_them() -> None:
    said: set[str] = set()
    for package in (django, allauth):
        for po in Path(package.__file__).parent.rglob("locale/pt_BR/LC_MESSAGES/django.po"):
            with po.open("rb") as file:
                said |= {one.id if isinstance(one.id, str) else one.id[0] for one in read_po(file)}
    # Unfold has no catalogues, and the framework's are compiled: what they say is in their sources.
    for package in (unfold, rest_framework):
        said |= {catalogues.several(text.id)[0] for text in extract.texts_of(Path(package.__file__).parent)}
    ours = {catalogues.several(one.id)[0] for one in catalogues.messages(catalogues.read(places.OVERRIDES))}
    assert ours - said == set()


@pytest.mark.parametrize("storey", places.STOREYS)
def test_every_app_of_a_storey_is_visited(storey: str) -> None:
    names = {path.name for path in places.apps() if path.parent.name == storey}
    assert {"clients", "team"} <= names if storey == "tenant_apps" else {"web", "core"} <= names or storey == "billing"


def test_two_apps_may_not_translate_one_text_differently(app: Path) -> None:
    other = app.parent / "garden"
    other.mkdir()
    (other / "apps.py").touch()
    (other / "models.py").write_text(PYTHON)
    for folder, said in ((app, "Oi, %(name)s"), (other, "Olá, %(name)s")):
        translate(renewed(folder), "Hello, %(name)s", said)
    assert [line.partition(": ")[2] for line in check.contradictions(places.ROOT)] == [
        "'Hello, %(name)s' is 'Olá, %(name)s' in tenant_apps/garden/locale/pt_BR/LC_MESSAGES/django.po"
    ]


def test_no_package_speaks_for_us() -> None:
    """Django merges every catalogue into one; what ours say must be what is said."""
    with translation.override("pt-br"):
        for path in places.catalogues():
            for message in catalogues.messages(catalogues.read(path)):
                if isinstance(message.id, str) and isinstance(message.string, str) and message.string:
                    said = translation.pgettext(message.context, message.id) if message.context else None
                    assert (said or translation.gettext(message.id)) == message.string
