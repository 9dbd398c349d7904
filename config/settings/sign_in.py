"""How people sign in: django-allauth's accounts, second step and Google."""

from config.environment import env
from config.settings.tenancy import ORGANIZATION_URL

GOOGLE_CLIENT_ID = env("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET = env("GOOGLE_CLIENT_SECRET", default="")
ACCOUNT_ADAPTER = "shared_apps.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"  # whoever signs up works at once
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a new password or second step is told by e-mail
ACCOUNT_LOGOUT_REDIRECT_URL = "/signed-out/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = ORGANIZATION_URL.partition(":")[0]
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "shared_apps.accounts.mfa.MFAAdapter"
MFA_FORMS = {
    "authenticate": "shared_apps.accounts.forms.AuthenticateForm",
    "reauthenticate": "shared_apps.accounts.forms.ReauthenticateForm",
    "add_webauthn": "shared_apps.accounts.forms.AddKeyForm",
    "edit_webauthn": "shared_apps.accounts.forms.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Colmeia"
MFA_TOTP_TOLERANCE = 1  # a step of 30 seconds: clocks and typing differ (RFC 6238, 5.2)
SOCIALACCOUNT_ADAPTER = "shared_apps.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # Google has verified the address
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
_GOOGLE = {
    "APPS": [{"client_id": GOOGLE_CLIENT_ID, "secret": GOOGLE_CLIENT_SECRET, "key": ""}],
    "SCOPE": ["profile", "email"],
    "AUTH_PARAMS": {"prompt": "select_account"},
    "OAUTH_PKCE_ENABLED": True,
}
SOCIALACCOUNT_PROVIDERS = {"google": _GOOGLE} if GOOGLE_CLIENT_ID else {}
