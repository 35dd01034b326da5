"""A class of the hostile, the broken and the unlucky: what each of them did, and what it must cost them.

To add one, write a function that does it to a `Paper`, in the module of its kind.
"""

from tests.course.grading.papers import broken, damaged, forbidden, forged, honest, stolen
from tests.course.grading.papers.honest import HONEST
from tests.course.grading.papers.paper import CLASS, Submission

__all__ = ["CLASS", "HONEST", "Submission", "broken", "damaged", "forbidden", "forged", "honest", "stolen"]
