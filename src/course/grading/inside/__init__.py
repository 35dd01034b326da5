"""What runs in a learner's process, beside the learner's code. It knows neither answers nor cases.

Python's standard library and IPython are all it needs; outside it is mounted as `inside`, next to `checks`.

- `nursery`: imports what is needed once, then forks a process for every submission
- `isolation`: the namespaces, mounts and limits of such a process
- `worker`: runs cells and answers questions about what they defined
- `shell`, `recording`: a cell and its outputs
- `refusing`: torch without its pooling operators, while work is checked
- `torch_elsewhere`: what another process finds when it imports torch
- `importing`: goes on behind imports of packages that are not there; `no_plots`: plots that nobody draws
- `wire`: the messages between the two sides
"""
