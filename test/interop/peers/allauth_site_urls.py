import os

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import include, path


def own_link(request):
    user = User.objects.get(username=os.environ["PEER_NAME"])
    return HttpResponse(f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}")


urlpatterns = [path("own_link", own_link), path("accounts/", include("allauth.account.urls"))]
