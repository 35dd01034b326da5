"""Assignments: from the text an instructor writes to what nbgrader releases.

    solutions/A.md  →  sources  →  casework  →  building  →  _build/nbgrader/source/A/  →  nbgrader  →  exercises/A/

- `sources`: reads and checks a MyST notebook; every complaint names file, cell and remedy
- `draws`: random inputs, from a seed
- `casework`: works out the `check(…)` lines of a test cell: inputs, what is expected, what every mistake gives
- `cases`: a test cell worked out, as data and as what learners get
- `prose`: points, minutes and hints in the text of a task
- `building`: writes the notebook and the checks package that nbgrader makes the release from
"""
