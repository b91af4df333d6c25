from django.apps import AppConfig
from django.core.checks import register
from django.db.models import Field
from django.db.models.signals import post_migrate

from gonghui.core.actions.checks import every_model_has_a_wall
from gonghui.core.actions.drawing import draw_less
from gonghui.core.actions.lookups import Among
from gonghui.core.actions.policies import install


class ActionsConfig(AppConfig):
    name = "gonghui.core.actions"

    def ready(self) -> None:
        draw_less()
        register(every_model_has_a_wall)
        Field.register_lookup(Among)
        post_migrate.connect(install, sender=self)
