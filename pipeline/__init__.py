"""Digests of research papers in; feeds, bibliographies, JSON and pages out.

find -> parse -> refine -> render -> store: each stage a function from value to value, and `store`
alone writes.
"""

__version__ = "0.1.0"
