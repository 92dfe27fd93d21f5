from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0006_limits")]

    operations = [
        migrations.AddField(
            "brand", "second_factor", models.CharField(max_length=10, default="nobody", db_default="nobody")
        ),
        migrations.AddConstraint(
            "brand",
            models.CheckConstraint(
                condition=models.Q(second_factor__in=["deciders", "everybody", "nobody"]),
                name="brand_second_factor_known",
            ),
        ),
    ]
