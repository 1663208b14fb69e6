from django.db import migrations

from raffles.draws import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("draws", "0001_draws")]

    operations = [migrations.RunPython(install, remove)]
