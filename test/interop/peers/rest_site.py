"""
A site of Django REST framework with its own login page, a user model of the site's own and one user:
python3 rest_site.py PORT DATABASE, the user in PEER_*.
"""

import os
import sys

from django_peer import serve, set_up

port, database = int(sys.argv[1]), sys.argv[2]

set_up("rest_site_urls", database, ["people", "rest_framework"], AUTH_USER_MODEL="people.Person")

from django.contrib.auth import get_user_model  # noqa: E402

get_user_model().objects.create_user(os.environ["PEER_EMAIL"], os.environ["PEER_PASSWORD"], name="Susan")

serve(port)
