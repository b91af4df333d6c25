"""Backup and restore: one directory holds the database, the stored files and the keys, with a manifest that says what is in it.

Floors, bottom to top: `manifest` (what a backup is, whether it is whole), `postgres` (the database's own tools), `keys`,
`making` and `restoring`. Only `making` needs Django; restoring asks it in processes of their own, with the restored environment.
"""
