"""An import is undone by the request id under which its actions stand in the history; the index finds them among all."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [
        migrations.RunSQL(
            "create index exchange_context_request on pghistory_context ((metadata ->> 'request'))",
            "drop index exchange_context_request",
        ),
    ]
