"""What runs the cells of a page, in the reader's browser.

The site packs this package, `course.checks` and `pooling` into one archive, which Pyodide unpacks. It needs the
standard library alone.

- `session`: runs cells, such that each sees what the cells above it made
- `errors`: an exception, in the reader's own lines
- `packages`: which packages a cell asked for, and what to say about those that are not there
- `undrawn`: stands for matplotlib
- `figures`: stands for `pooling.figures`
"""
