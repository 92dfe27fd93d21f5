"""A file is reached inside its own brand's scope, by every way of the storage, and nowhere else."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tenants.brandref import BrandRef
from tenants.walls.place import CrossBrand, OutsideBrand
from tenants.walls.scope import brand_scope


def test_a_file_is_its_brands(brand_a: BrandRef, brand_b: BrandRef) -> None:
    with brand_scope(brand_a):
        name = default_storage.save(f"{brand_a.id}/a", ContentFile(b"ours"))
        assert default_storage.open(name).read() == b"ours"
        default_storage.delete(default_storage.save(f"{brand_a.id}/b", ContentFile(b"gone")))
    with brand_scope(brand_b), pytest.raises(CrossBrand):
        default_storage.open(name)
    with pytest.raises(OutsideBrand):
        default_storage.open(name)
    with brand_scope(brand_a):
        assert default_storage.exists(name)
        default_storage.delete(name)
        assert not default_storage.exists(name)
