"""What searching means: words, queries, the places in a content, snippets. The same on every
database, because the words are made and compared here and a database only keeps them in an index.
"""
