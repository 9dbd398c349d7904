from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenancy', '0002_provisioning'),
    ]

    operations = [
        migrations.CreateModel(
            name='MigrationRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('schema_name', models.CharField(max_length=63)),
                ('app', models.CharField(max_length=100)),
                ('migration', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('done', 'Done'), ('failed', 'Failed')], max_length=6)),
                ('how', models.CharField(choices=[('replay', 'Replay'), ('django', 'Django')], max_length=6)),
                ('started_at', models.DateTimeField()),
                ('duration_ms', models.FloatField()),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['schema_name', 'id'], name='tenancy_run_schema')],
            },
        ),
        migrations.CreateModel(
            name='MigrationScript',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app', models.CharField(max_length=100)),
                ('migration', models.CharField(max_length=200)),
                ('statements', models.JSONField(default=list)),
                ('replayable', models.BooleanField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('recorded_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('app', 'migration'), name='tenancy_script_of_migration')],
            },
        ),
    ]
