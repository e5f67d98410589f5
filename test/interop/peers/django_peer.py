"""What the Django sites of these tests have alike."""

import os
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.management import call_command


def configure(urls, database, apps, **more):
    """Configures a site with sessions and messages on SQLite."""
    settings.configure(
        SECRET_KEY=os.environ.get("PEER_SECRET", "of a test alone"),
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=urls,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.messages",
            "django.contrib.sessions",
            *apps,
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        **more,
    )
    django.setup()


def set_up(urls, database, apps, **more):
    """The same, and makes its tables."""
    configure(urls, database, apps, **more)
    call_command("migrate", verbosity=0, run_syncdb=True)


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def serve(port):
    from django.core.wsgi import get_wsgi_application

    make_server("127.0.0.1", port, get_wsgi_application(), handler_class=QuietHandler).serve_forever()
