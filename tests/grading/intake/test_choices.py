"""Which file counts, in folders and zips."""

import io
import struct
import zipfile

import pytest

from autograder.errors import MalformedError, TamperedError
from autograder.grading.intake import archives, choices, files
from autograder.grading.intake.choices import choose
from autograder.grading.intake.files import File, files_at
from autograder.grading.intake.submissions import Submission
from tests.notebooks import zipped


def handed_in(**contents):
    """Return files by name; ``__`` stands for a dot."""
    return [of(name.replace("__", "."), data) for name, data in contents.items()]


def of(name, data):
    return File(name, len(data), lambda: data)


def packed(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def chosen(*named):
    return choose([of(name, data) for name, data in named], "a03_losses").name


def test_a_notebook_counts_before_anything_else():
    zipped_one = packed({"hw.ipynb": "2"})
    assert chosen(("a.py", b"1"), ("b.zip", zipped_one), ("c.ipynb", b"3")) == "c.ipynb"
    assert chosen(("a.py", b"1"), ("b.zip", zipped_one)) == "b.zip/hw.ipynb"
    assert chosen(("a.py", b"1"), ("b.ipynb.txt", b"2")) == "b.ipynb.txt"
    assert chosen(("a.py", b"1"), ("b.html", b"2")) == "a.py"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["hw.ipynb", "hw (1).ipynb"], "hw (1).ipynb"),
        (["hw (2).ipynb", "hw (10).ipynb"], "hw (10).ipynb"),
        (["hw.ipynb", "A03-Losses.ipynb"], "A03-Losses.ipynb"),
        (["scratch.ipynb", "a03_losses.ipynb", "a03_losses(1).ipynb"], "a03_losses(1).ipynb"),
    ],
)
def test_the_later_copy_and_the_assignments_name_count(names, expected):
    found = [of(name, name.encode()) for name in names]
    document = choose(found, "a03_losses")
    assert document.name == expected
    assert [name in document.remarks[0] for name in names] == [name != expected for name in names]


@pytest.mark.parametrize(
    "names",
    [["part-1.ipynb", "part-2.ipynb"], ["hw.ipynb", "hw-Copy1.ipynb"], ["a/x.ipynb", "b/x.ipynb"]],
)
def test_two_notebooks_of_which_none_is_the_one_are_left_to_a_person(names):
    with pytest.raises(MalformedError, match=r"2 notebooks were handed in \(.*\); keep one"):
        choose([of(name, name.encode()) for name in names], "a03_losses")


def test_equal_notebooks_and_empty_ones_are_no_question():
    assert chosen(("hw.ipynb", b"1"), ("hw-Copy1.ipynb", b"1")) == "hw.ipynb"
    assert chosen(("hw.ipynb", b"1"), ("hw (1).ipynb", b"")) == "hw.ipynb"


def test_nothing_to_grade_says_what_there_is():
    with pytest.raises(MalformedError, match=r"no notebook was handed in, only report.docx$"):
        choose(handed_in(report__docx=b"1"), "a03_losses")
    with pytest.raises(MalformedError, match=r"no notebook was handed in$"):
        choose([], "a03_losses")


def test_a_zip_is_known_by_its_content():
    assert chosen(("hw.ipynb", packed({"real.ipynb": "1"}))) == "hw.ipynb/real.ipynb"


def test_zips_in_zips_have_an_end():
    data = b"1"
    for depth in range(choices.DEEPEST_ZIP):
        data = packed({f"{depth}.zip" if depth else "hw.ipynb": data})
    assert chosen(("hw.zip", data)).endswith("hw.ipynb")
    with pytest.raises(MalformedError, match="zips are nested more than 3 deep"):
        chosen(("hw.zip", packed({"more.zip": data})))


@pytest.mark.parametrize(
    "name", ["../ann/hw.ipynb", "/etc/hw.ipynb", "a/../../hw.ipynb", "..\\hw.ipynb", "C:\\hw.ipynb"]
)
def test_a_member_that_leads_out_of_its_zip_is_tampered_with(name):
    with pytest.raises(TamperedError, match="has a member whose name leads out of it"):
        chosen(("hw.zip", packed({"good.ipynb": "1", name: "2"})))


def test_a_link_in_a_zip_is_not_read():
    info = zipfile.ZipInfo("hw.ipynb")
    info.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(TamperedError, match="symbolic link"):
        chosen(("hw.zip", buffer.getvalue()))


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_BYTES", 1000)
    with pytest.raises(MalformedError, match="unpacks to more than"):
        chosen(("hw.zip", packed({"hw.ipynb": b" " * 1001})))
    monkeypatch.setattr(choices, "LARGEST_BYTES", 1000)
    with pytest.raises(MalformedError, match="the zips in it unpack to more than"):
        chosen(("hw.zip", packed({"1.zip": b" " * 501, "2.zip": b" " * 501})))


def test_a_zip_that_lies_about_a_size_is_malformed():
    data = bytearray(packed({"hw.ipynb": b"x" * 100}))
    place = data.index(b"PK\x01\x02") + 24
    struct.pack_into("<I", data, place, 50)
    with pytest.raises(MalformedError, match="not a readable zip"):
        chosen(("hw.zip", bytes(data)))


def test_a_zip_with_too_many_members_is_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_DIRECTORY", 1000)
    data = packed({f"{number}.txt": b"" for number in range(100)})
    with pytest.raises(MalformedError, match="holds too many files"):
        chosen(("hw.zip", data))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 and nothing more", packed({"hw.ipynb": "1"})[:-9]]
)
def test_a_broken_zip_is_malformed(data):
    with pytest.raises(MalformedError, match="not a readable zip"):
        chosen(("hw.zip", data))


def test_names_in_zips_are_read_in_the_encoding_they_were_written_in(tmp_path):
    name = "Zoë/hw.ipynb"
    data = packed({name: "1"})
    assert data.count(name.encode()) == 2
    as_macos = data.replace(b"\x00\x08\x00\x00", b"\x00\x00\x00\x00")
    path = tmp_path / "x.zip"
    path.write_bytes(as_macos)
    assert [each.name for each in archives.members_of_path(path)] == [name]


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_BYTES", 10)
    (tmp_path / "ann.ipynb").write_bytes(b" " * 11)
    with pytest.raises(MalformedError, match=r"ann.ipynb is larger than"):
        Submission("a01_tiny", "ann", tmp_path / "ann.ipynb").read()


def test_a_file_that_became_a_link_is_not_followed(tmp_path):
    path = tmp_path / "ann.ipynb"
    path.write_text("1")
    (found,) = files_at(path, "")
    path.unlink()
    path.symlink_to("/etc/passwd")
    with pytest.raises(MalformedError, match="cannot be read"):
        found.read()


def test_what_vanished_since_it_was_found_is_malformed(tmp_path):
    path = zipped(tmp_path / "all.zip", {"ann/hw.ipynb": "1"})
    path.unlink()
    for gone in (Submission("a", "ann", path, ("ann",)), Submission("a", "ann", tmp_path / "ann")):
        with pytest.raises(MalformedError, match=r"(all.zip|ann) .*No such file|no longer there"):
            gone.read()


def test_folders_have_an_end_and_foreign_files_do_not_count(tmp_path):
    for name in ("__MACOSX/x.ipynb", ".git/x.ipynb", "a/._x.ipynb", "a/.ipynb_checkpoints/x.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    assert list(files_at(tmp_path, "")) == []
    (tmp_path / "/".join("d" * 30)).mkdir(parents=True)
    with pytest.raises(MalformedError, match="folders are nested more than 20 deep"):
        list(files_at(tmp_path, ""))


def test_a_zip_of_otter_is_read_without_its_log(tmp_path):
    path = zipped(tmp_path / "ann.zip", {"hw.ipynb": "1", ".OTTER_LOG": b"\x80\x04K\x01."})
    document = Submission("a01_tiny", "ann", path).read()
    assert (document.name, document.data, document.remarks) == ("ann.zip/hw.ipynb", b"1", ())
