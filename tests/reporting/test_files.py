import pytest

from autograder.reporting.files import replacing_folder, write_csv, write_text


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "a/b.txt"
    write_text(path, "one\r\n")
    write_text(path, "two\n")
    assert path.read_bytes() == b"two\n"
    assert list(tmp_path.rglob("*.part")) == []


def test_a_failed_write_leaves_the_earlier_file(tmp_path):
    path = tmp_path / "b.txt"
    write_text(path, "one")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "\ud800")
    assert path.read_text() == "one"


def test_a_folder_holds_only_the_files_of_the_last_time(tmp_path):
    with replacing_folder(tmp_path, ".json") as write:
        write("a/ann.json", "1")
        write("a/bob.json", "2")
    (tmp_path / "index.csv").write_text("kept")
    with replacing_folder(tmp_path, ".json") as write:
        write("a/ann.json", "3")
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["ann.json", "index.csv"]
    assert (tmp_path / "a/ann.json").read_text() == "3"


def test_a_table_is_as_wide_as_its_header(tmp_path):
    write_csv(tmp_path / "t.csv", ("a", "b"), [("x;y", 1), ('"', "=2")], ";")
    assert (tmp_path / "t.csv").read_text().splitlines() == ["a;b", '"x;y";1', '"""";\'=2']
