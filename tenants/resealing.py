"""What the installation's keys encrypt besides credentials and log keys, under the newest of FIELD_ENCRYPTION_KEYS.

A model of the brands that keeps such a text names its columns in `sealed_columns`, and is found here. Of the hub: the seeds of
authenticator apps and of recovery codes, which allauth keeps in a JSON column, encrypted by `config.second_factors`. Security
keys keep nothing secret here. Whoever reads meanwhile waits for nobody: a process that knows both keys reads both.
"""

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings

from tenants.walls.scope import hub_scope
from tenants.walls.stamps import Stamped

FACTORS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


def sealed_models() -> dict[type[Stamped], tuple[str, ...]]:
    """Which models of the brands name sealed columns, and which."""
    models = (model for model in apps.get_models() if issubclass(model, Stamped))
    return {model: names for model in models if (names := getattr(model, "sealed_columns", ()))}


def reseal_columns() -> tuple[int, list[str]]:
    """In the open brand: how many rows, and the names of those that no key of ours opens. In the caller's transaction."""
    keys, done, unreadable = _keys(), 0, []
    for model, names in sealed_models().items():
        for row in model.objects.select_for_update().order_by("pk"):
            try:
                for name in names:
                    if sealed := bytes(getattr(row, name)):
                        setattr(row, name, keys.rotate(sealed))
                        done += 1
            except InvalidToken:
                unreadable.append(f"{model._meta.label_lower} {row.pk}")
                continue
            row.save(update_fields=names)
    return done, unreadable


def reseal_factors() -> tuple[int, list[int]]:
    """On the hub, one short transaction each: how many, and the ids of those that no key of ours opens. Safe to run again."""
    keys, done, unreadable = _keys(), 0, []
    for pk in list(Authenticator.objects.filter(type__in=FACTORS).order_by("pk").values_list("pk", flat=True)):
        with hub_scope():
            factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if factor is None:
                continue
            name = FACTORS[Authenticator.Type(factor.type)]
            try:
                factor.data[name] = keys.rotate(factor.data[name].encode()).decode()
            except (InvalidToken, KeyError):
                unreadable.append(pk)
                continue
            factor.save(update_fields=["data"])
            done += 1
    return done, unreadable


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])
