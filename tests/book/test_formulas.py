"""Is the process that renders formulas started with patience?"""

import pytest

from pooling_book.formulas import persistent


def refusing(times):
    """Return a start that is refused so many times, and the folders that it was called with."""
    folders = []

    def start(folder, timeout):
        assert folder.is_dir()
        folders.append(folder)
        if len(folders) <= times:
            raise ConnectionRefusedError
        return "process", "socket"

    return start, folders


def test_a_refused_connection_is_tried_again_in_a_new_folder(tmp_path):
    start, folders = refusing(2)
    assert persistent(start)(tmp_path, 60) == ("process", "socket")
    assert len(set(folders)) == 3


def test_patience_ends(tmp_path):
    start, folders = refusing(10**9)
    with pytest.raises(ConnectionRefusedError):
        persistent(start)(tmp_path, 0.01)
    assert folders


def test_other_errors_are_not_hidden(tmp_path):
    def start(folder, timeout):
        raise FileNotFoundError("node")

    with pytest.raises(FileNotFoundError, match="node"):
        persistent(start)(tmp_path, 60)
