"""django-allauth's own pages, with one user of two addresses: python3 allauth_site.py PORT DATABASE, the user in PEER_*."""

import os
import sys

from django_peer import serve, set_up

port, database = int(sys.argv[1]), sys.argv[2]

set_up(
    "allauth_site_urls",
    database,
    ["django.contrib.sites", "allauth", "allauth.account", "allauth.socialaccount"],
    SITE_ID=1,
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    ACCOUNT_RATE_LIMITS={},
)

from allauth.account.models import EmailAddress  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402

for number in range(40):  # so that the id differs in base 36
    User.objects.create_user(f"person{number}", f"person{number}@example.com")
name, address = os.environ["PEER_NAME"], os.environ["PEER_EMAIL"]
user = User.objects.create_superuser(name, address, os.environ["PEER_PASSWORD"])
for email in (address, "another@example.com"):
    EmailAddress.objects.create(user=user, email=email, primary=email == address, verified=True)

serve(port)
