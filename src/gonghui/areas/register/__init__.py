"""组织与单位: the register of unions and employers, and which union covers which employer.

Five words: union 工会组织, employer 用人单位, coverage 覆盖, eligible 应建会 (on the register and not struck off), struck off 剔除.
It is not the roster of members (area `members`), not the work of founding unions where there are none (area `unionbuilding`),
and a service station is not a union.
"""
