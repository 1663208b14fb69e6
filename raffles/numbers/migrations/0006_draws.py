import django.db.models.deletion
from django.db import migrations, models

from raffles.numbers import guards


def install(apps, schema_editor):
    guards.install(schema_editor)
    guards.install_frozen(schema_editor)


def install_without_draws(apps, schema_editor):
    guards.install(schema_editor)


def remove(apps, schema_editor):
    guards.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("draws", "0001_draws"), ("raffles", "0005_organisers")]

    operations = [
        # SQLite makes the table anew for this column, and its triggers would be gone.
        migrations.RunPython(remove, install_without_draws),
        migrations.AddField(
            model_name="raffle",
            name="draw",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="raffle",
                to="draws.draw",
                verbose_name="draw",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
