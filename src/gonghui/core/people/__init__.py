"""Persons: who somebody is, by which documents, and how to reach him. What he is to a union or an employer stands in the areas."""
