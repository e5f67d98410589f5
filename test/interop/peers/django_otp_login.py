"""Two users of django-otp with an app and backup codes: python3 django_otp_login.py DATABASE make|try NAME CODE."""

import sys

from django_peer import configure

database, task = sys.argv[1:3]
configure(None, database, ["django_otp", "django_otp.plugins.otp_totp", "django_otp.plugins.otp_static"])

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django_otp import user_has_device  # noqa: E402
from django_otp.forms import OTPAuthenticationForm  # noqa: E402
from django_otp.plugins.otp_static.models import StaticDevice  # noqa: E402
from django_otp.plugins.otp_totp.models import TOTPDevice  # noqa: E402

PASSWORD = "a password of the test"

if task == "make":
    call_command("migrate", verbosity=0)
    for name in ("susan", "mike"):
        user = User.objects.create_user(name, f"{name}@example.com", PASSWORD)
        TOTPDevice.objects.create(user=user, name="phone", key="3132333435363738393031323334353637383930")
        backup = StaticDevice.objects.create(user=user, name="backup")
        for code in ("first", "second"):
            backup.token_set.create(token=f"{name}-{code}")
else:
    name, code = sys.argv[3:5]
    given = {"username": name, "password": PASSWORD, "otp_token": code}
    form = OTPAuthenticationForm(RequestFactory().post("/"), data=given)
    has_device = user_has_device(User.objects.get(username=name))
    print(f"{'in' if form.is_valid() else 'out'} {'enrolled' if has_device else 'must enrol'}")
