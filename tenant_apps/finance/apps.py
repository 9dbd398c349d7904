from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "tenant_apps.finance"

    def ready(self) -> None:
        from shared_apps.web.api.clashes import name_clash
        from tenant_apps.finance import receivers  # noqa: F401 - connects them
        from tenant_apps.finance.errors import CategoryTaken

        name_clash("finance_category_once", field="name", code=CategoryTaken.code, message=CategoryTaken.message)
