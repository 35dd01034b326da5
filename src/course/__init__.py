"""How pooling is taught: checks that name the misconception, assignments, their release and their proof.

- `course.checks`: compares what a learner wrote with what is expected. It travels with every assignment, so it needs
  the standard library alone.
- `course.misconceptions`: the known ways to get pooling wrong, each with its sentence.
- `course.assignments`: reads `solutions/*.md`, draws the cases, and builds what nbgrader releases.
- `course.proofs`: shows that answers pass, blanks fail and known mistakes are named.
- `course.grading`: grades what students hand in, in a sandbox, a class at a time.
- `course.release`: puts into `exercises/` what learners get.
- `course.engine`: nbgrader, set up for this course; `course.gradebook` makes its commands work on a fresh clone.
- `course.folders`: where things lie in a course.
- `course.cli`: the `course` command; `commands.py` in a package has its subcommands.
"""
