"""The door every read and write goes through: actor, walls, named actions, history. Knows no other noun."""
