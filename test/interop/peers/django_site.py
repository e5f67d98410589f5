"""A Django site with its admin and one user: python3 django_site.py PORT DATABASE HASHER, the user in PEER_*."""

import os
import sys

from django_peer import serve, set_up

port, database, hasher = int(sys.argv[1]), sys.argv[2], sys.argv[3]
hashers = ["PBKDF2", "PBKDF2SHA1", "Argon2", "BCryptSHA256"]
hashers.sort(key=lambda name: name != hasher)

set_up(
    "django_site_urls",
    database,
    ["django.contrib.admin"],
    PASSWORD_HASHERS=[f"django.contrib.auth.hashers.{name}PasswordHasher" for name in hashers],
)

from django.contrib.auth.models import User  # noqa: E402

User.objects.create_superuser(os.environ["PEER_NAME"], os.environ["PEER_EMAIL"], os.environ["PEER_PASSWORD"])

serve(port)
