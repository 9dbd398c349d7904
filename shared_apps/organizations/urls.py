"""/api/v1/auth/"""

from django.urls import path

from shared_apps.organizations import openapi  # noqa: F401 - tells the schema how one signs in
from shared_apps.organizations.api import mfa, passkeys, passwords, sessions, sign_in

app_name = "auth"
urlpatterns = [
    path("login/", sign_in.LoginView.as_view(), name="login"),
    path("login/code/", sign_in.LoginCodeView.as_view(), name="login_code"),
    path("login/enrolment/", sign_in.EnrolmentView.as_view(), name="enrolment"),
    path("login/enrolment/activation/", sign_in.EnrolmentActivationView.as_view(), name="enrolment_activation"),
    path("registration/", sign_in.RegistrationView.as_view(), name="registration"),
    path("refresh/", sign_in.RefreshView.as_view(), name="refresh"),
    path("logout/", sign_in.LogoutView.as_view(), name="logout"),
    path("me/", sign_in.MeView.as_view(), name="me"),
    path("mfa/", mfa.MfaView.as_view(), name="mfa"),
    path("mfa/totp/", mfa.AppView.as_view(), name="mfa_totp"),
    path("mfa/totp/activation/", mfa.AppActivationView.as_view(), name="mfa_totp_activation"),
    path("mfa/totp/removal/", mfa.AppRemovalView.as_view(), name="mfa_totp_removal"),
    path("mfa/recovery-codes/", mfa.RecoveryCodesView.as_view(), name="mfa_recovery_codes"),
    path("mfa/passkeys/", passkeys.PasskeysView.as_view(), name="mfa_passkeys"),
    path("mfa/passkeys/activation/", passkeys.PasskeyActivationView.as_view(), name="mfa_passkeys_activation"),
    path("mfa/passkeys/<int:pk>/removal/", passkeys.PasskeyRemovalView.as_view(), name="mfa_passkeys_removal"),
    path("password/change/", passwords.PasswordChangeView.as_view(), name="password_change"),
    path("password/reset/", passwords.PasswordResetView.as_view(), name="password_reset"),
    path(
        "password/reset/confirmation/",
        passwords.PasswordResetConfirmationView.as_view(),
        name="password_reset_confirmation",
    ),
    path("email/verification/", passwords.EmailVerificationView.as_view(), name="email_verification"),
    path("email/confirmation/", passwords.EmailConfirmationView.as_view(), name="email_confirmation"),
    path("sessions/", sessions.SessionsView.as_view(), name="sessions"),
    path("sessions/others/", sessions.OtherSessionsView.as_view(), name="sessions_others"),
    path("sessions/<uuid:pk>/", sessions.SessionView.as_view(), name="session"),
]
