"""What waits for somebody: notes with reminders, and the to-do list (待办) that all areas feed."""
