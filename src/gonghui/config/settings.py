"""Every setting of the system. Values come from the environment only; `gonghui settings` prints them with their meaning."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from gonghui.config.environment import boolean, database, pairs, read, words

PACKAGE = Path(__file__).resolve().parent.parent
INSECURE_KEY = "insecure-key-for-development-only"

DEBUG = read("GONGHUI_DEBUG", boolean, False, "show errors in the browser; never in production")
DEMO = read("GONGHUI_DEMO", boolean, False, "demo accounts may sign in, with their codes on the screen")
DEMO_PASSWORD = "yanshi-gonghui"  # the demo accounts' password; `start` refuses a system that has such accounts
SECRET_KEY = read("GONGHUI_SECRET_KEY", str, INSECURE_KEY, "signs sessions", secret=True)
DATA_KEY = read("GONGHUI_DATA_KEY", str, INSECURE_KEY, "seals personal data and second-factor secrets at rest", secret=True)
BRAND = read("GONGHUI_BRAND", str, "", "name of the federation, shown at the top of every page")
ALLOWED_HOSTS = read("GONGHUI_HOSTS", words, ["localhost", "127.0.0.1", "[::1]"], "host names the system answers to")
ADDRESS = read("GONGHUI_ADDRESS", str, "", "where the system is reached, printed in invitations: https://gonghui.example.cn")
HTTPS = read("GONGHUI_HTTPS", boolean, False, "the system is reached over https only (cookies, redirects, HSTS)")
BEHIND_PROXY = read("GONGHUI_BEHIND_PROXY", boolean, False, "a proxy ends https and sets X-Forwarded-Proto and X-Forwarded-For")

# Messages that leave the system (core/notices/senders.py) and sign-in by WeChat (web/wechat.py); without them there is neither.
SMS_SENDER = read("GONGHUI_SMS_SENDER", str, "", "dotted path of what sends text messages, instead of the sender below")
SMS_URL = read("GONGHUI_SMS_URL", str, "", "address of the gateway that is sent one request a text message", secret=True)
SMS_METHOD = read("GONGHUI_SMS_METHOD", str.upper, "POST", "method of that request: POST, PUT or PATCH")
NO_HEADERS: dict[str, str] = {}
SMS_HEADERS = read("GONGHUI_SMS_HEADERS", pairs, NO_HEADERS, "headers of that request, as a JSON object", secret=True)
SMS_BODY = read("GONGHUI_SMS_BODY", str, "to={to}&text={text}", "its body; {to}, {text} and {code} are filled in", secret=True)
SMS_SUCCESS = read("GONGHUI_SMS_SUCCESS", str, "", "text that a good answer contains; without it a status of 2xx is enough")
SMS_SECONDS = read("GONGHUI_SMS_SECONDS", int, 5, "seconds after which the gateway is given up, to be tried again")
WECHAT_SENDER = read("GONGHUI_WECHAT_SENDER", str, "", "dotted path of what sends messages to WeChat")
WECHAT_APP = read("GONGHUI_WECHAT_APP", str, "", "AppID of the WeChat account by which workers sign in")
WECHAT_SECRET = read("GONGHUI_WECHAT_SECRET", str, "", "its AppSecret", secret=True)

# The application role owns nothing and is held by row-level security; the owner connects to migrate, back up and restore.
APP_DATABASE = read(
    "DATABASE_URL", database, database("postgresql:///gonghui"), "PostgreSQL as the application role", secret=True
)
OWNER_DATABASE = read("DATABASE_OWNER_URL", database, APP_DATABASE, "PostgreSQL as the owner role", secret=True)
AS_OWNER = read("GONGHUI_AS_OWNER", boolean, False, "this process connects as the owner role (set by `gonghui migrate`)")
DATABASES = {"default": dict(OWNER_DATABASE if AS_OWNER else APP_DATABASE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "gonghui.web",  # before allauth, whose pages ours replace
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.weixin",
    "axes",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "gonghui.core.actions",
    "gonghui.core.reference",
    "gonghui.core.organisations",
    "gonghui.core.people",
    "gonghui.core.accounts",
    "gonghui.core.access",
    "gonghui.core.history",
    "gonghui.core.notices",
    "gonghui.core.files",
    "gonghui.core.exchange",
    "gonghui.core.figures",
    "gonghui.areas.register",
    "gonghui.areas.members",
    "gonghui.areas.unionbuilding",
    "gonghui.areas.dashboards",
    "gonghui.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "gonghui.web.middleware.keep_out_of_caches",
    "gonghui.web.middleware.refuse_unstorable_text",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gonghui.web.middleware.speak_chinese_first",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gonghui.config.urls"
WSGI_APPLICATION = "gonghui.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            # cotton and partials both wrap the loaders, so neither may configure them by itself
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                        )
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "gonghui.web.shell.context",
            ],
        },
    }
]
COTTON_DIR = "cotton"

STATIC_URL = "/static/"
STATIC_ROOT = read(
    "GONGHUI_STATIC", Path, PACKAGE / "static_collected", "directory that `gonghui migrate` collects static files into"
)
FILES = read(
    "GONGHUI_FILES", Path, PACKAGE / "files_stored", "directory that keeps stored files, sealed; never below the static files"
)
BACKUP_RECORD = read(
    "GONGHUI_BACKUP_RECORD", Path, PACKAGE / "backup.json", "file in which `gonghui backup` notes the newest good backup"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60 if DEBUG else 3600

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
ACCOUNT_ADAPTER = "gonghui.core.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # django-axes counts failures, per name and address
MFA_ADAPTER = "gonghui.core.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "gonghui"
SOCIALACCOUNT_ADAPTER = "gonghui.web.wechat.SocialAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to WeChat: form-action below
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "weixin": {
        "APPS": [{"client_id": WECHAT_APP, "secret": WECHAT_SECRET}] if WECHAT_APP and WECHAT_SECRET else [],
        "AUTHORIZE_URL": "https://open.weixin.qq.com/connect/oauth2/authorize",  # inside WeChat's own browser
        "SCOPE": ["snsapi_base"],  # the openid and nothing else about anybody
    }
}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"
PGTRIGGER_INSTALL_ON_MIGRATE = False
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_secrets": {"()": "gonghui.config.log.WithoutSecrets"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_secrets"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING"}},  # nor any mail of a crash: it would tell what was typed
}
