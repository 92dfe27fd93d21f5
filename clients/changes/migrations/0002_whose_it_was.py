from django.db import migrations, models


class Migration(migrations.Migration):
    """Of what is no more, which system's own it was. What went before this stays untold to anybody but by its traces."""

    dependencies = [("changes", "0001_initial")]

    operations = [
        migrations.AddField("noted", "whose", models.UUIDField(null=True)),
        migrations.AddField("change", "whose", models.UUIDField(null=True)),
    ]
