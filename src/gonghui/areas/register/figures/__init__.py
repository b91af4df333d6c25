"""The figures of the register. Employers: "on a day" is the state at the end of that day; whole-unit coverage only."""

from gonghui.areas.register.figures import employers, flows, unions

__all__ = ["employers", "flows", "unions"]
