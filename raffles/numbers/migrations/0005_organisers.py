from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("raffles", "0004_import_sales"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="raffle",
            options={
                "permissions": [
                    ("import_sales", "Can import sales made on paper"),
                    ("see_every_raffle", "Can see the raffles of all organisers"),
                ],
                "verbose_name": "raffle",
                "verbose_name_plural": "raffles",
            },
        ),
        # A table of its own: the raffles' own table, which the guards name, is not rebuilt.
        migrations.AddField(
            model_name="raffle",
            name="organisers",
            field=models.ManyToManyField(
                blank=True,
                help_text="They see this raffle and what belongs to it; of others' raffles they see nothing.",
                related_name="raffles",
                to=settings.AUTH_USER_MODEL,
                verbose_name="organisers",
            ),
        ),
    ]
