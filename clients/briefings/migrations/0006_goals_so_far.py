# Goals were lines of the objectives. They are a section now, of the versions that had such lines too: read by whom the objectives
# are read. What a version says is sealed and stays as it is: the lines are found in it (clients.briefings.former_goals).

from django.db import migrations

MARK = r"""
    INSERT INTO briefings_briefingsection (id, version_id, section, info_class, named, owner_side)
    SELECT gen_random_uuid(), mark.version_id, 'goals', mark.info_class, mark.named, mark.owner_side
    FROM briefings_briefingsection mark JOIN briefings_briefingversion version ON version.id = mark.version_id
    WHERE mark.section = 'objectives' AND NOT version.sections ? 'goals' AND EXISTS (
        SELECT FROM regexp_split_to_table(version.sections->>'objectives', '\n') line
        WHERE line ~ '^[\s*•-]*(acts\.done|field\.acts|mentions\.found|members\.active|insights\.noted)(;[a-z]+=[\w-]+)*\s*[:=]\s*\d{1,9}[\s.]*$'
        OR line ~ '^[\s*•-]*(field\.ratio|clocks\.in_time;clock=[\w-]+)\s*[:=]\s*\d{1,9}([.,]\d{1,2})?\s*%?[\s.]*$'
    )
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ("briefings", "0005_agreed_again"),
    ]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
