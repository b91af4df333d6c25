"""会员与会籍: who works where, who is a member, and how a membership begins, moves, rests and ends.

Five words: worker 职工 (somebody with an employment, member or not), member 会员, employment 工作关系 (employer by contract, host where
the work is), transfer 接转, individual joining 单体入会 (a door, not a kind of member).
It is not the register of unions and employers (area `register`), and a user who signs in is neither worker nor member.
"""
