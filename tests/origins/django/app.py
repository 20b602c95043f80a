from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path, re_path

settings.configure(
    DEBUG=False,
    SECRET_KEY="origins",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
)


def says(text):
    return lambda request, *args, **kwargs: HttpResponse(text)


urlpatterns = [
    path("mypage", says("personal:mypage")),
    re_path(r"^account(?:/|$)", says("personal:account")),
    path("area/orders", says("personal:area")),
    re_path(r"", says("public")),
]

application = get_wsgi_application()
