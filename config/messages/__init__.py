"""The catalogues of texts, made with Babel: nothing here needs the system's gettext.

`python -m config.messages update` reads the sources and brings `<app>/locale/pt_BR/LC_MESSAGES/django.po` up to date,
`compile` writes the .mo files that Django reads, `check` says what is not translated. English is what the code says.
"""
