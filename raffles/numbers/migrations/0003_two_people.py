from django.db import migrations, models

from raffles.numbers import guards


def install(apps, schema_editor):
    guards.install(schema_editor)


def remove(apps, schema_editor):
    guards.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("raffles", "0002_guards")]

    operations = [
        # SQLite rebuilds the table, which its triggers name.
        migrations.RunPython(remove, install),
        migrations.AddField(
            model_name="raffle",
            name="two_people_from_minor",
            field=models.BigIntegerField(
                blank=True,
                help_text="From this amount on two people must confirm a payment; empty: one is always enough.",
                null=True,
                verbose_name="two people from",
            ),
        ),
        migrations.AddConstraint(
            model_name="raffle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("two_people_from_minor", None), ("two_people_from_minor__gt", 0), _connector="OR"
                ),
                name="raffles_raffle_two_people",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
