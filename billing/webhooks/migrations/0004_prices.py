from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('webhooks', '0003_discrepancies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='discrepancy',
            name='kind',
            field=models.CharField(choices=[('unknown', 'the gateway charges for what is not ours'), ('runs_on', 'ended with us, charged for there'), ('twice', 'bought twice'), ('uncharged', 'a period without a charge'), ('price', 'charged for a price that is not ours'), ('failed', 'could not be asked')], max_length=10),
        ),
    ]
