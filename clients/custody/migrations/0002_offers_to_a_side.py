"""What is offered to a whole side stands on the work of its people from now on: the trigger writes the pointers anew."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('custody', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            'UPDATE custody_offer SET to_person = NULL WHERE to_person IS NULL AND closed_at IS NULL',
            migrations.RunSQL.noop,
        ),
    ]
