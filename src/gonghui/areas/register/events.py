"""What happens in the register that other areas keep facts about."""

from django.dispatch import Signal

unions_placed = Signal()
"""`unions` (keys) count under another managing union or in another street from `since` on. Sent inside the action, because what
repeats where a union stands must change with it or not at all."""
