# What was published before sections had a class was published to both sides, and stays so.

from django.db import migrations

SHARE = """
    INSERT INTO briefings_briefingsection (id, version_id, section, info_class, named, owner_side)
    SELECT gen_random_uuid(), version.id, one.key, 'shared', '[]'::jsonb, 'brand'
    FROM briefings_briefingversion version, jsonb_each(version.sections) one
    WHERE one.value NOT IN ('""'::jsonb, '[]'::jsonb)
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ("briefings", "0002_sections"),
    ]

    operations = [migrations.RunSQL(SHARE, migrations.RunSQL.noop)]
