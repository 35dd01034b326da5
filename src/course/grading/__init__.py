"""Grades what students hand in, who need not be trusted, a class at a time.

    a folder  →  handed_in  →  rebuilding  →  executing  →  saving  →  gradebook
                 bytes         released       cells there,  nbgrader's
                               notebook       tests here    autograder

One submission is one function of bytes to bytes: `marking.mark`. It may run in any process, on any machine.

- `handed_in`: packs a student's folder, and reads the notebook in it without trust
- `rebuilding`: puts the answers into the notebook that was released
- `executing`: runs its cells, the learner's in the learner's process, the tests here
- `learner`: that process, as the grader sees it: asks, and believes nothing; `limits` says how long it waits
- `nursery`: starts the process that learners' processes are forked from; `inside` is the code in it
- `sandbox`: how bubblewrap is called; `installing` installs it; `packages`: what can be imported in it
- `marking`: all of that for one submission; `assignment`: what is needed for it
- `pools`, `batch`: many at a time, on this machine or on others
- `saving`, `records`: the gradebook, and a file for each submission that says what became of it
- `history`: every submission that was graded, also those that were replaced by later ones
- `preprocessors`: what takes part in nbgrader's own autograding
- `commands`: `course grade`, `course status` and `course doctor`; the last two are in `status` and `doctor`
"""
