import io
import zipfile

import pytest

from autograder.errors import MalformedError
from autograder.grading.intake.archives import members_of


def packed(method):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("a.ipynb", "{}" * 50)
    return file.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_members_are_read_in_memory(method):
    (member,) = members_of("ann.zip", packed(method))
    assert (member.name, member.read()) == ("ann.zip/a.ipynb", b"{}" * 50)


def test_a_method_that_a_few_bytes_can_make_ask_for_gigabytes_is_refused():
    (member,) = members_of("ann.zip", packed(zipfile.ZIP_LZMA))
    with pytest.raises(MalformedError, match=r"a\.ipynb is packed in an unusual way"):
        member.read()
