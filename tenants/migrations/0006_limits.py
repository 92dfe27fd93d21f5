from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_unsealed")]

    operations = [
        migrations.AddField("brand", "storage_limit", models.PositiveBigIntegerField(blank=True, null=True)),
        migrations.AddField("brand", "statement_limit", models.PositiveSmallIntegerField(blank=True, null=True)),
    ]
