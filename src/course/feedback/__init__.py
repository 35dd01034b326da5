"""What goes back to a learner: one page that opens anywhere, runs nothing, and gives no hidden test away.

    autograded notebook, gradebook, record  →  results  →  page  →  grading/feedback/S/A/A.html

- `results`: what a learner is told, as data: points by task, what is right, what to look at first
- `cleaning`: texts of strangers, made short and harmless
- `page`: the data as HTML, with `templates/page.html` and `templates/page.css`
- `writing`: a page for every student of a class, and an archive for the LMS that they handed in with
- `exporter`: the same page for `nbgrader generate_feedback` and formgrader
- `commands`: `course feedback`
"""
