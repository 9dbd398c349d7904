from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transfers", "0002_import_kinds")]

    operations = [
        migrations.AddField(
            model_name="import", name="records_file", field=models.CharField(blank=True, max_length=300)
        ),
    ]
