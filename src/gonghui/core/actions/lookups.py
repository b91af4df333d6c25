"""`field__among=values`: one of thousands of values, given as one array where `in` gives a parameter for each."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


class Among(models.Lookup):  # type: ignore[type-arg]
    """`= any(array)`, of values as the column takes them; of a foreign key it is asked as `link__pk__among`. PostgreSQL hashes the array."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        return f"{column} = any(%s)", [*parameters, [field.get_db_prep_value(value, connection) for value in self.rhs]]
