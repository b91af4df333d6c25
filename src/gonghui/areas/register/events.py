"""What happens in the register that other areas keep facts about."""

from django.dispatch import Signal

unions_placed = Signal()
"""`unions` (keys) count under another managing union or in another street from `since` on. Sent inside the action, because what
repeats where a union stands must change with it or not at all."""

employer_ended = Signal()
"""`employer` (key) is no longer an active one: `state` says whether it was closed, moved or was struck off. Sent inside the action,
because nobody may go on looking for an employer that is gone."""

employers_covered = Signal()
"""`employers` (keys) are covered as a whole by a union from `since` on; `form` says whether it is their own or a joint one. Sent inside
the action, because nobody may go on looking for a union for them."""
