"""Payment providers for what organizations owe us. A gateway without its keys is switched off, webhooks included."""

from config.environment import env

# Where new subscriptions go: "sandbox" (a gateway inside the project, for development), "stripe" or "asaas".
BILLING_GATEWAY = env("BILLING_GATEWAY", default="")
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])  # two while one replaces the other
STRIPE_API_BASE = env("STRIPE_API_BASE", default="https://api.stripe.com")
ASAAS_API_KEY = env("ASAAS_API_KEY", default="")
ASAAS_WEBHOOK_TOKEN = env("ASAAS_WEBHOOK_TOKEN", default="")
ASAAS_API_BASE = env("ASAAS_API_BASE", default="https://api.asaas.com/v3")
SANDBOX_URL = env("SANDBOX_URL", default="")  # the gateway that `make run` starts
SANDBOX_SECRET = env("SANDBOX_SECRET", default="")
SANDBOX_MOVES_CLOCK = False  # whether moving its clock moves ours (development alone may say so)
# Where a form of ours may lead: the pages on which one pays.
PAYMENT_PAGES = ["https://checkout.stripe.com", "https://billing.stripe.com", "https://*.asaas.com", SANDBOX_URL]
