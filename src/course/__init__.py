"""How pooling is taught: checks that name the misconception, assignments, their release and their proof.

- `course.checks`: compares what a learner wrote with what is expected. It travels with every assignment, so it needs
  the standard library alone.
- `course.misconceptions`: the known ways to get pooling wrong, each with its sentence.
- `course.assignments`: reads `solutions/*.md`, draws the cases, and builds what nbgrader releases.
- `course.proofs`: shows that answers pass, blanks fail and known mistakes are named.
- `course.release`: puts into `exercises/` what learners get; `course.publishing` hands it out, with the book.
- `course.collecting`: takes what students hand in, from an LMS or a folder.
- `course.grading`: grades it, in a sandbox, a class at a time.
- `course.feedback`: a page for every student; `course.late` says what lateness costs.
- `course.exporting`: points for an LMS, and a report on the class.
- `course.engine`: nbgrader, set up for this course; `course.gradebook` makes its commands work on a fresh clone.
- `course.folders`: where things lie. `course.files`, `course.spreadsheets` and `course.pages` write files, tables
  and HTML.
- `course.cli`: the `course` command; `commands.py` in a package has its subcommands, `course.terminal` what they share.
"""
