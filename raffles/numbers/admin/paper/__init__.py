"""Sales made on paper come in as a file: read, checked without a change, then sold by the usual actions.

Each buyer is one order in a transaction of its own: what is refused is told beside its row, the rest stays.
The same file a second time finds every row sold to the same buyer already and changes nothing.
"""

from raffles.numbers.admin.paper.checking import Check, Problem, Sale, check
from raffles.numbers.admin.paper.reading import BadFile, Line, read
from raffles.numbers.admin.paper.selling import Report, sell

__all__ = ["BadFile", "Check", "Line", "Problem", "Report", "Sale", "check", "read", "sell"]
