"""Backups: one snapshot of the rows with every content that they name, and the way back.

A backup is a folder. Its rows are in a SQLite file whichever database they come from, so a backup
of one kind of database can be restored into the other.
"""
