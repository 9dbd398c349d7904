"""What messages to members and clients go through."""

from config.environment import env

# What would go out by a channel without keys is written into the log instead (development).
NOTIFICATIONS_CONSOLE = env.bool("NOTIFICATIONS_CONSOLE", default=False)
# Whether firms that have brought no keys of their own send with the ones below.
NOTIFICATIONS_PLATFORM_KEYS = env.bool("NOTIFICATIONS_PLATFORM_KEYS", default=True)
WHATSAPP_TOKEN = env("WHATSAPP_TOKEN", default="")
WHATSAPP_PHONE_ID = env("WHATSAPP_PHONE_ID", default="")
WHATSAPP_API_URL = env("WHATSAPP_API_URL", default="https://graph.facebook.com/v23.0")
TWILIO_ACCOUNT_SID = env("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env("TWILIO_AUTH_TOKEN", default="")
TWILIO_FROM = env("TWILIO_FROM", default="")
TWILIO_API_URL = env("TWILIO_API_URL", default="https://api.twilio.com")
