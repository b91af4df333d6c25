"""建会工作: from lists of employers to a founded union that is put in order and made active.

Five words: edition 名单版次 (a list of employers as it was on a day), prospect 建会对象 (an employer that shall come to be covered),
claim 认领, finding 核实结论, founding 建会 (its steps and papers).

It is not the register of employers and unions (area `register`), which it reads and whose actions it calls, nor the membership of workers.
"""
