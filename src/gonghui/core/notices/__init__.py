"""What waits for somebody: notes with reminders, the to-do list (待办) that all areas feed, and messages (消息) that tell people something."""
