"""What other frameworks make of the corners of pooling: the table of chapter 7, computed.

cases.py       the corners: an input and a wish, in no framework's words
columns/       one module for each framework: the wish in its words, or `NoWord`
running.py     runs a column in a process of its own, which may die
agreement.py   two outcomes become "=", or "≠" with what came out
snippets/      the example of the chapter's tabs, one script for each framework
__main__.py    all of it, into book/data/frameworks.json: `make frameworks`
"""
