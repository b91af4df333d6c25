"""Who may do what where: roles in plain words, dated grants, pilot switches, and the Actor they make."""
