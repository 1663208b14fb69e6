import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from raffles.audit import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="at")),
                ("actor", models.CharField(max_length=160, verbose_name="actor")),
                ("action", models.CharField(max_length=40, verbose_name="action")),
                ("subject_type", models.CharField(blank=True, max_length=60, verbose_name="subject type")),
                ("subject_id", models.CharField(blank=True, max_length=60, verbose_name="subject id")),
                ("subject_label", models.CharField(blank=True, max_length=160, verbose_name="subject")),
                ("before", models.JSONField(default=dict, verbose_name="before")),
                ("after", models.JSONField(default=dict, verbose_name="after")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_entries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id"], name="audit_entry_of_subject")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action", ""), _negated=True), models.Q(("actor", ""), _negated=True)
                        ),
                        name="audit_entry_named",
                    )
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
