"""What was frozen, reported and aimed at stays said of the record of which it was said."""

from gonghui.core.actions.attached import leave
from gonghui.core.figures.models import FrozenFigure, ReportedFigure, Target

for model in (FrozenFigure, ReportedFigure, Target):
    leave(model, "organisation", reason="was said of this record; what is counted now explains the difference")
