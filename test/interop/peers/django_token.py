"""Django's own generator on a site's database: python3 django_token.py DATABASE ID | add COUNT | check (links on stdin).

The token of ID was made a minute ago: one of the same second would be the very one that `reset` issued.
"""

import datetime
import os
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY=os.environ["PEER_SECRET"],
    USE_TZ=True,
    TIME_ZONE="UTC",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1], "OPTIONS": {"timeout": 20}}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.tokens import default_token_generator  # noqa: E402
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode  # noqa: E402

command = sys.argv[2]
if command == "add":
    hashed = User.objects.first().password
    User.objects.bulk_create(
        User(username=f"person{n}", email=f"person{n}@example.com", password=hashed) for n in range(int(sys.argv[3]))
    )
    print(User.objects.count())
elif command == "check":
    links = sys.stdin.read().split()
    users = {str(user.pk): user for user in User.objects.all()}
    good = 0
    for link in links:
        uid, token = link.split("/")
        good += default_token_generator.check_token(users[urlsafe_base64_decode(uid).decode()], token)
    print(f"{good} good of {len(links)}")
else:
    user = User.objects.get(pk=int(command))
    default_token_generator._now = lambda: datetime.datetime.now() - datetime.timedelta(minutes=1)
    print(f"{urlsafe_base64_encode(str(user.pk).encode())}/{default_token_generator.make_token(user)}")
