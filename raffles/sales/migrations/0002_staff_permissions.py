from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="order",
            options={
                "permissions": [
                    ("confirm_payment", "Can confirm payments"),
                    ("reject_proof", "Can reject payment proofs"),
                    ("cancel_order", "Can cancel orders"),
                    ("refund_order", "Can refund orders"),
                ],
                "verbose_name": "order",
                "verbose_name_plural": "orders",
            },
        ),
    ]
