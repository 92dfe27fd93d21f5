"""The urlconf of the Django peer of `api`: stock DRF, and a write with all four rows as one writes it by ORM."""

import hashlib
import json
import uuid
from typing import Any, ClassVar

from django.db import models, transaction
from django.urls import path
from django.utils import timezone
from rest_framework import generics, serializers, views
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response


class Row(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)

    class Meta:
        abstract = True
        app_label = "peer"


class Token(models.Model):
    key = models.CharField(max_length=64, primary_key=True)
    is_authenticated = True

    class Meta:
        app_label = "peer"
        db_table = "bench_token"
        managed = False


class Version(Row):
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    number = models.IntegerField()

    class Meta(Row.Meta):
        db_table = "items_itemversion"
        managed = False


class Item(Row):
    state = models.CharField(max_length=12)
    state_since = models.DateTimeField()
    version = models.ForeignKey(Version, models.DO_NOTHING)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    sensitivity = models.CharField(max_length=10)
    not_before = models.DateTimeField(null=True)
    author_name = models.CharField(max_length=200)
    author_side = models.CharField(max_length=10)
    created_at = models.DateTimeField()

    class Meta(Row.Meta):
        db_table = "items_item"
        managed = False


class Made(Row):
    title = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20)
    text = models.TextField()
    channels = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="draft")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Row.Meta):
        db_table = "bench_made"
        managed = False


class Beside(Row):
    """Audit, outbox and idempotency of the usual way: a row each."""

    what = models.CharField(max_length=20)
    data = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta(Row.Meta):
        db_table = "bench_beside"
        managed = False


class VersionShape(serializers.ModelSerializer):
    class Meta:
        model = Version
        fields = ("number", "digest", "content")


class ItemShape(serializers.ModelSerializer):
    version = VersionShape()

    class Meta:
        model = Item
        fields = "__all__"


class MadeShape(serializers.ModelSerializer):
    class Meta:
        model = Made
        fields = "__all__"
        read_only_fields: ClassVar[list[str]] = ["state", "created_at"]


class ByToken(BaseAuthentication):
    def authenticate(self, request: Any) -> Any:
        try:
            return Token.objects.get(key=request.headers["Authorization"].split()[1]), None
        except Token.DoesNotExist:
            raise AuthenticationFailed from None


class Pages(PageNumberPagination):
    page_size = 50


class Guarded:
    authentication_classes: ClassVar[list[Any]] = [ByToken]
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]


class Items(Guarded, generics.ListCreateAPIView):
    pagination_class = Pages

    def get_queryset(self) -> Any:
        return (
            Item.objects.filter(kind=self.request.GET["kind"]).select_related("version").order_by("-created_at", "-id")
        )

    def get_serializer_class(self) -> Any:
        return MadeShape if self.request.method == "POST" else ItemShape


class One(Guarded, generics.RetrieveAPIView):
    queryset = Item.objects.select_related("version")
    serializer_class = ItemShape


class Idiomatic(Guarded, views.APIView):
    def post(self, request: Any) -> Response:
        shape = MadeShape(data=request.data)
        shape.is_valid(raise_exception=True)
        words = hashlib.sha256(request.headers["Idempotency-Key"].encode()).hexdigest()
        with transaction.atomic():
            if Beside.objects.select_for_update().filter(what="once", data__words=words).exists():
                return Response(status=409)
            made = shape.save()
            Beside.objects.create(what="audit", data={"verb": "item.created", "subject": str(made.pk)})
            Beside.objects.create(what="outbox", data={"item": str(made.pk)})
            answer = MadeShape(made).data
            Beside.objects.create(what="once", data={"words": words, "body": json.dumps(answer, default=str)})
        return Response(answer, status=201)


urlpatterns = [
    path("items", Items.as_view()),
    path("items/<uuid:pk>", One.as_view()),
    path("idiomatic", Idiomatic.as_view()),
]
