"""Takes what learners handed in, in whatever shape it comes: `course collect`.

    a folder, an archive  →  opening  →  layouts  →  triage  →  placing  →  grading/submitted/STUDENT/ASSIGNMENT/
                             files       whose       what is             grading/earlier/, grading/aside/
                                                     graded

Nothing is believed that an archive says of itself, and nothing that somebody handed in is thrown away.

- `opening`: the files of a folder or an archive, read within limits, and no link followed
- `layouts`: which student a file belongs to: Moodle's names, Canvas's, nbgrader's folders, a folder or a file for each
- `students`: the name by which the gradebook is to know a student
- `worksheets`: what Moodle's grading worksheet knows beyond the names of files
- `triage`: of the files of one student, the notebook, what belongs to it, and what is kept aside
- `placing`: into `submitted/`, in one step for each student
- `origins`: what the LMS calls each student, for the way back
- `collection`: all of that for a class
- `commands`: `course collect`
"""
