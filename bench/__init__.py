"""Performance goals, one file each; `python3 dev.py bench NAME`. Ratios of one run only; a wrong answer fails the run."""
