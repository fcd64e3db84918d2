"""What is kept, and how: the only place with SQL, written once for every database.

Functions that read take a Connection, functions that write a Transaction. Nothing is committed
here: whoever calls decides what belongs together.
"""
