"""What runs in a learner's process, beside the learner's code. It knows neither answers nor cases.

Python's standard library and IPython are all it needs; outside it is mounted as `inside`, next to `checks`.

- `nursery`: imports what is needed once, then forks a process for every submission
- `isolation`: the namespaces, mounts and limits of such a process
- `worker`: runs cells and answers questions about what they defined
- `shell`, `recording`: a cell and its outputs; `forgiving`: a cell that tries torch's own pooling for comparison
- `refusing`: torch without its pooling operators; `absent`: packages that are not there, and plots nobody draws
- `wire`: the messages between the two sides
"""
