"""Hands grades on, and says how a class did: `course export` and `course report`.

- `points`: what each student has in an assignment, as it goes out
- `plugins`: nbgrader's export plug-ins: a table of all, Canvas's gradebook, Moodle's grading worksheet
- `canvas`, `moodle`: how these two want their tables; `tables`: a table on its way out
- `report`: how a class did, as data; `work`: task by task and student by student; `trends`: what trying again brought
- `report_page`: the same as a page; `plots`: its plots
- `commands`: `course export` and `course report`
"""
