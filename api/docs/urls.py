"""Where the documentation is, and the description for machines. Both are open to everybody who can see the brand's host."""

from django.urls import path

from api.described import described
from api.docs.pages import page
from api.schema import description

urlpatterns = [
    path("docs/", page, name="api_docs"),
    path("docs/<slug:name>", page, name="api_docs_page"),
    path("openapi.json", described(description), name="api_openapi"),
]
