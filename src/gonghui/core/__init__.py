"""Tables, queries and mechanisms every area stands on. A closed list: an addition needs a decision record."""
