from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "tenant_apps.visits"

    def ready(self) -> None:
        from shared_apps.web import navigation
        from shared_apps.web.api.clashes import name_clash
        from shared_apps.web.navigation import Item
        from tenant_apps.visits import attachable
        from tenant_apps.visits.errors import SentDifferently

        name_clash(
            "visits_visitreport_sent_key_key",
            field="sent_key",
            code=SentDifferently.code,
            message=SentDifferently.message,
        )
        navigation.register(Item(_("Today"), "today:day", icon="sun", permission="visits.report", order=8))
        navigation.register(
            Item(_("Visit reports"), "visits:list", icon="clipboard-check", permission="visits.report", order=32)
        )
        attachable.register()
