from django.urls import include, path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response


@api_view()
@permission_classes([IsAuthenticated])
def me(request):
    return Response(request.user.email)


urlpatterns = [path("me", me), path("auth/", include("rest_framework.urls"))]
