# Pictures of before were seen by both sides, and stay so.

from django.db import migrations

SHARE = """
    INSERT INTO items_mediaclass (id, media_id, info_class, named, owner_side)
    SELECT gen_random_uuid(), media.id, 'shared', '[]'::jsonb, 'brand' FROM items_media media
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ("items", "0006_classes"),
    ]

    operations = [migrations.RunSQL(SHARE, migrations.RunSQL.noop)]
