"""The leader's page (数据总览): a few figures with their targets, the streets and what each still lacks, the trend of a year.

Five words: figure, target, gap, street grid, trend. It counts nothing itself: every number is a figure of `core.figures` and opens
the rows behind it.
"""
