"""What Django is told. Values of one installation come from `config.environment`; everything else is decided here."""

from datetime import timedelta
from functools import partial

import csp.constants as csp

from config import environment as env
from config.addresses import broker_address, database_address, post_address
from config.embedded.mailbox import messages
from config.logs import logging_of
from tenants.vocabulary import SecondFactor

ENVIRONMENT = env.of_this_process()
MODE = ENVIRONMENT.mode
PRODUCTION = MODE is env.Mode.PRODUCTION
BASE_DIR = env.ROOT
STATE_DIR = ENVIRONMENT(env.STATE_DIR)

DEBUG = ENVIRONMENT(env.DEBUG) and not PRODUCTION
SECRET_KEY = ENVIRONMENT(env.SECRET_KEY)
SECRET_KEY_FALLBACKS = list(ENVIRONMENT(env.SECRET_KEY_FALLBACKS))
FIELD_ENCRYPTION_KEYS = ENVIRONMENT(env.FIELD_ENCRYPTION_KEYS)
ALLOW_PRIVATE_SMTP = (
    ENVIRONMENT(env.ALLOW_PRIVATE_SMTP) if ENVIRONMENT.given(env.ALLOW_PRIVATE_SMTP) else not PRODUCTION
)
ALLOW_PRIVATE_HOSTS = (
    ENVIRONMENT(env.ALLOW_PRIVATE_HOSTS) if ENVIRONMENT.given(env.ALLOW_PRIVATE_HOSTS) else not PRODUCTION
)
# Networks that hand out tokens only to apps registered with them by hand: name -> (client id, client secret).
OAUTH_CLIENTS = {
    name: (ENVIRONMENT(client), ENVIRONMENT(secret))
    for name, client, secret in (
        ("meta", env.META_CLIENT_ID, env.META_CLIENT_SECRET),
        ("linkedin", env.LINKEDIN_CLIENT_ID, env.LINKEDIN_CLIENT_SECRET),
        ("google", env.GOOGLE_CLIENT_ID, env.GOOGLE_CLIENT_SECRET),
    )
    if ENVIRONMENT(client)
}

# --- Hosts. The hub on its own host, every brand on a host below it (tenants.middleware) -------------------------------
HUB_HOST = ENVIRONMENT(env.HUB_HOST)
PUBLIC_SCHEME = "https" if PRODUCTION else "http"
PUBLIC_PORT = ENVIRONMENT(env.PUBLIC_PORT)
PUBLIC_AUTHORITY = f"{HUB_HOST}:{PUBLIC_PORT}" if PUBLIC_PORT else HUB_HOST
ALLOWED_HOSTS = [f".{HUB_HOST}", *ENVIRONMENT(env.EXTRA_HOSTS)]
# What somebody types first on their own machine: these lead to the hub, and only there.
OWN_MACHINE_HOSTS = frozenset({"localhost", "127.0.0.1"} if MODE is env.Mode.DEVELOPMENT else ())
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# --- Apps. SHARED_APPS live in the public schema, TENANT_APPS once in every brand's -------------------------------------
SHARED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django_htmx",
    "csp",
    "django_structlog",
    "tenants",
    "portal",
    "api",
    "config",
]
TENANT_APPS = [
    "clients.audit",
    "clients.outbox",
    "clients.disclosure",
    "clients.evidence",
    "clients.breakglass",
    "clients.channels",
    "clients.briefings",
    "clients.crisis",
    "clients.custody",
    "clients.service",
    "clients.seals",
    "clients.mandates",
    "clients.items",
    "clients.approvals",
    "clients.gate",
    "clients.community",
    "clients.mentions",
    "clients.moderation",
    "clients.conversations",
    "clients.triage",
    "clients.sources",
    "clients.press",
    "clients.insights",
    "clients.keys",
    "clients.changes",
    "clients.repeats",
    "clients.webhooks",
    "clients.crm",
    "reports.looks",
    "reports.making",
    "reports.sharing",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]
TENANT_MODEL = "tenants.Brand"
TENANT_DOMAIN_MODEL = "tenants.Domain"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "api.front.FrontDoorMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "api.middleware.PolicyMiddleware",
    "tenants.middleware.BrandHostMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "api.middleware.MachineDoorMiddleware",
    "config.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.idle.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Named besides APP_DIRS, so that the portal's pages win over those that allauth brings under the same names.
        "DIRS": [BASE_DIR / "portal" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database. `default` is a login role without rights on brands; `owner` exists only where brands are made ------------
DATABASES = {
    alias: database_address(address, seconds=ENVIRONMENT(env.CONNECTION_SECONDS))
    for alias, address in (
        ("default", ENVIRONMENT(env.DATABASE_URL)),
        ("owner", ENVIRONMENT(env.DATABASE_OWNER_URL)),
        ("direct", ENVIRONMENT(env.DATABASE_DIRECT_URL)),  # where `default` goes through a pooler: for LISTEN alone
    )
    if address or alias == "default"
}
DATABASE_ROUTERS = ["tenants.walls.router.WallsRouter"]

# --- Who. One sign-in by e-mail address; no open sign-up (portal's adapter); second factors; open sessions --------------
AUTH_USER_MODEL = "tenants.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "portal.passwords.LeakedPasswords", "OPTIONS": {"leaked": ENVIRONMENT(env.LEAKED_PASSWORDS)}},
    {"NAME": "portal.passwords.ContextWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # People come by an invitation to their address: opening it was the verification.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = PUBLIC_SCHEME
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT(env.TRUSTED_PROXIES)
MFA_ADAPTER = "config.second_factors.EncryptedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Relais"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
USERSESSIONS_ADAPTER = "portal.adapter.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = True
SECOND_FACTOR = (
    ENVIRONMENT(env.SECOND_FACTOR) if ENVIRONMENT.given(env.SECOND_FACTOR) or PRODUCTION else SecondFactor.NOBODY
)
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "portal.failures.locked_out"
AXES_IPWARE_PROXY_COUNT = ENVIRONMENT(env.TRUSTED_PROXIES) or None
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR"] if ENVIRONMENT(env.TRUSTED_PROXIES) else ["REMOTE_ADDR"]

# --- Cookies and headers. The session spans the hub and its brands; the CSRF cookie stays on one host -------------------
SESSION_COOKIE_NAME = "__Secure-relais" if PRODUCTION else "relais"
SESSION_ENGINE = "config.sessions"  # the tables keep digests of what the cookies hold
SESSION_COOKIE_DOMAIN = HUB_HOST
SESSION_COOKIE_AGE = 14 * 24 * 3600
ORIGINS_KEPT = timedelta(days=ENVIRONMENT(env.ORIGIN_DAYS))
IDLE_AFTER = timedelta(hours=ENVIRONMENT(env.IDLE_HOURS))
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-relais-csrf" if PRODUCTION else "relais-csrf"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.failures.no_csrf"
LANGUAGE_COOKIE_NAME = "relais-language"
LANGUAGE_COOKIE_DOMAIN = HUB_HOST
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT(env.TRUSTED_PROXIES) else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.NONE],
        "script-src": [csp.SELF],
        "style-src": [csp.SELF],
        "img-src": [csp.SELF, "data:"],  # data: for the QR code of a second factor
        "media-src": [csp.SELF],
        "font-src": [csp.SELF],
        "connect-src": [csp.SELF],
        "manifest-src": [csp.SELF],
        # Signing in on the hub answers with a redirect to a brand's host, and browsers check that target too.
        "form-action": [csp.SELF, f"{PUBLIC_SCHEME}://{PUBLIC_AUTHORITY}", f"{PUBLIC_SCHEME}://*.{PUBLIC_AUTHORITY}"],
        "frame-ancestors": [csp.NONE],
        "base-uri": [csp.NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# --- Files. Uploads have no address of their own: a view that checks the brand is the only way to one -------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static-collected" if PRODUCTION else None  # elsewhere the apps' own files are served
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = STATE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "config.files.ClosedStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILES_ACCEL = ENVIRONMENT(env.FILES_ACCEL)
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- The machine door (api) --------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
API_REQUESTS_A_MINUTE = 600  # of one key, over all processes; 0 for no bound
API_LEDGER_SECONDS = 1.0  # how long readings below class `named` are gathered before they are written together

# --- Cache. Every key carries the brand it belongs to ------------------------------------------------------------------
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENVIRONMENT(env.CACHE_URL),
        "KEY_FUNCTION": "config.cache.key_of",
    }
    if ENVIRONMENT(env.CACHE_URL)
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "KEY_FUNCTION": "config.cache.key_of"}
}

# --- Workers. PostgreSQL holds what must happen; the broker only wakes ---------------------------------------------------
CELERY = {
    "broker_url": broker_address(ENVIRONMENT(env.BROKER_URL)),
    "broker_connection_retry_on_startup": True,
    # Connecting to a broker that is away must fail soon: the relay then does the work itself.
    "broker_connection_timeout": 3,
    "broker_transport_options": {"visibility_timeout": 3600, "socket_connect_timeout": 3},
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_time_limit": 300,
    "task_soft_time_limit": 240,
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 2000,
    "worker_hijack_root_logger": False,
    "worker_send_task_events": False,
    "timezone": "UTC",
    "enable_utc": True,
}

WORKERS = ENVIRONMENT(env.WORKERS)
WORKERS_PER_BRAND = ENVIRONMENT(env.WORKERS_PER_BRAND)

# --- What one brand may take of what all share (tenants.limits) ---------------------------------------------------------
PAGE_SECONDS = ENVIRONMENT(env.PAGE_SECONDS)
WORK_SECONDS = ENVIRONMENT(env.WORK_SECONDS)
BRAND_STORAGE_MB = ENVIRONMENT(env.BRAND_STORAGE_MB)

# --- Post of Relais itself (notices, invitations). A brand's post goes through its own channel -------------------------
vars().update(post_address(ENVIRONMENT(env.EMAIL_URL)))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT(env.EMAIL_FROM)
EMAIL_TIMEOUT = 20
# What the portal's mailbox page reads; None where letters really leave.
MAILBOX_MESSAGES = partial(messages, STATE_DIR / "mailbox") if MODE is env.Mode.DEVELOPMENT else None

# --- Logs: brand and request id, never content -------------------------------------------------------------------------
LOGGING = logging_of(ENVIRONMENT(env.LOG_LEVEL), for_machines=PRODUCTION)
DJANGO_STRUCTLOG_CELERY_ENABLED = False
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
