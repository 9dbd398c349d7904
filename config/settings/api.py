"""The API: Django REST framework and the description of it."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["shared_apps.organizations.authentication.OrganizationTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["shared_apps.organizations.permissions.HasPermission"],
    "DEFAULT_RENDERER_CLASSES": ["shared_apps.web.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["shared_apps.web.api.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "shared_apps.web.api.schema.Schema",
    "EXCEPTION_HANDLER": "shared_apps.web.api.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Colmeia API",
    "DESCRIPTION": "The API of one organization, on its own host.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",  # the documentation's assets come from this server, not from a CDN
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "ClientKind": "tenant_apps.clients.models.Client.Kind",
        "EntryKind": "tenant_apps.finance.models.Kind",
        "EntryState": "tenant_apps.finance.states.State",
        "ImportState": "tenant_apps.transfers.models.Import.State",
        "ReportState": "tenant_apps.reports.models.Run.State",
        "SessionKind": "shared_apps.organizations.models.RefreshSession.Kind",
    },
}
