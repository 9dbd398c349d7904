"""`manage.py migrate`: public, then the template, then every schema that is behind.

Replaces django-tenants' command. With an app label it is Django's own: on public for a shared app; for a tenant app in
the template and in each schema, one after the other (that is how migrations are taken back).
"""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser, no_translations
from django.core.management.commands.migrate import Command as DjangoCommand
from django.utils.translation import gettext as _

from shared_apps.tenancy.fleet import public

WITHOUT_LABEL = ("fake", "fake_initial", "prune")


class Command(DjangoCommand):
    help = "Brings public, the template schema and every organization's schema to head."
    requires_system_checks: list[str] = []  # see _check_system: only when there is something to do

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--skip-checks", action="store_true", help="Skip system checks.")
        parser.add_argument("--shared", action="store_true", help="Only the public schema.")
        parser.add_argument("--tenant", action="store_true", help="Only the template and the other schemas.")
        parser.add_argument("--only-failed", action="store_true", help="Of the schemas, only those that failed.")
        parser.add_argument("--json", action="store_true", dest="as_json", help="Report as JSON on standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["app_label"]:
            self._one_app(*args, **options)
            return
        if any(options[name] for name in WITHOUT_LABEL):
            raise CommandError("--fake, --fake-initial and --prune need an app label.")
        if options["plan"] or options["check_unapplied"]:
            self._plan(**options)
            return
        if not options["tenant"]:
            self._public(**options)
        if not options["shared"]:
            self._fleet(**options)

    @no_translations
    def _public(self, **options: Any) -> None:
        if public.is_at_head() and not options["run_syncdb"]:
            return
        self._check_system(options)
        self.verbosity = 0 if options["as_json"] else options["verbosity"]
        public.migrate(
            progress=self.migration_progress_callback,
            sync=self.sync_apps if options["run_syncdb"] else None,
            verbosity=self.verbosity,
            interactive=options["interactive"],
            stdout=self.stdout,
        )

    def _fleet(self, **options: Any) -> None:
        from shared_apps.tenancy.fleet import display, runner
        from shared_apps.tenancy.fleet.signals import sigterm_as_interrupt

        with sigterm_as_interrupt(), display.bar(_("Schemas"), shown=bool(options["verbosity"])) as advance:
            chosen = runner.Options(only_failed=options["only_failed"])
            report = runner.migrate(chosen, progress=display.of_outcome(advance))
        if options["as_json"]:
            self.stdout.write(json.dumps(report.as_json()))
        elif options["verbosity"]:
            for line in report.lines():
                self.stdout.write(line)
        if report.exit_code:
            sys.exit(report.exit_code)

    def _check_system(self, options: dict[str, Any]) -> None:
        """Before a change of public, what Django's command checks. (`check` in CI guards the rest.)"""
        if not options["skip_checks"]:
            self.check(databases=[options["database"]])

    @no_translations
    def _plan(self, **options: Any) -> None:
        from shared_apps.tenancy.fleet import detect, plan, truth
        from shared_apps.tenancy.names import TEMPLATE

        migrations = [] if options["tenant"] else public.pending()
        tenant = [] if options["shared"] else plan.pending(truth.applied_in(TEMPLATE) or frozenset())
        behind = [] if options["shared"] else detect.behind()
        if options["plan"]:
            self.stdout.write("Planned operations:", self.style.MIGRATE_LABEL)
            for migration in [*migrations, *tenant]:
                self.stdout.write(str(migration), self.style.MIGRATE_HEADING)
                for operation in migration.operations:
                    message, is_error = self.describe_operation(operation, False)
                    self.stdout.write("    " + message, self.style.WARNING if is_error else None)
            if not migrations and not tenant:
                self.stdout.write("  No planned migration operations.")
            self.stdout.write(f"  Schemas behind head: {len(behind)}")
        if options["check_unapplied"] and (migrations or tenant or behind):
            sys.exit(1)

    def _one_app(self, *args: Any, **options: Any) -> None:
        from shared_apps.tenancy.fleet import one_app
        from shared_apps.tenancy.head import tenant_labels

        if options["app_label"] not in tenant_labels():
            self._check_system(options)
            super().handle(*args, **options)
            return
        if options["prune"] or options["fake_initial"] or options["plan"] or options["check_unapplied"]:
            raise CommandError("For a tenant app there are only --fake and the name of a migration.")
        failed = one_app.migrate(
            options["app_label"], options["migration_name"], fake=options["fake"], tell=self.stdout.write
        )
        if failed:
            sys.exit(1)
