"""Django's own reset form in a loop, as a script of an admin would use it: python3 django_loop.py PORT MAILS"""

import sys

import django
from django.conf import settings

port, mails = int(sys.argv[1]), int(sys.argv[2])
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=port,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.admin"],
    ROOT_URLCONF="django.contrib.auth.urls",
    SECRET_KEY="a secret for the bench",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.forms import PasswordResetForm  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402

call_command("migrate", "auth", verbosity=0)
User.objects.bulk_create(
    User(username=f"user{index}", email=f"user{index}@example.com", password="pbkdf2_sha256$1$a$b")
    for index in range(mails)
)
for index in range(mails):
    form = PasswordResetForm({"email": f"user{index}@example.com"})
    assert form.is_valid()
    form.save(domain_override="example.com", from_email="bench@example.com")
