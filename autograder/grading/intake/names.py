"""Names: what learning platforms write into them, and students' names that are safe to store."""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

LONGEST_NAME = 120  # characters: a file may be named after a student

# Characters that reorder what surrounds them on a screen; no name needs them.
REORDERING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])

# Canvas: name[_LATE]_user_file_original; the name in lower case and of letters and digits only.
# Where students are anonymous, ``anon_x`` stands for name and user; text entries have no file.
CANVAS = re.compile(
    r"(?:(?!LATE_)(?P<name>\w+?)_)?(?:(?P<late>LATE)_)?"
    r"(?P<user>anon_[A-Za-z0-9]+|\d+)_(?:(?P<file>\d+)_(?P<original>.+)|(?:text|link)\.html)"
)
# Moodle: name[_participant]_assignsubmission_plugin, a folder or the beginning of a file's name.
MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<user>\d+))?_assignsubmission_(?:file|onlinetext)(?:_.*)?", re.DOTALL
)
# What `gh classroom clone` and `gh teacher download` call the folder of all repositories.
CHECKOUTS = re.compile(r"(?P<slug>.+?)(?:-submissions|_submissions_\d{4}_\d\d_\d\d_T_[\d_]+)")
# What a browser and Canvas append to the name of a file that is already there.
ATTEMPT = re.compile(r"(?P<base>.+?)-(?P<number>\d{1,3})")
COPY = re.compile(r"(?P<base>.+?) ?\((?P<number>\d{1,3})\)")
# The zips of otter: notebook_year_month_dayThour_minute_second_microsecond.
OTTER = re.compile(r"(?P<base>.+)_(?P<number>\d{4}_\d\d_\d\dT\d\d_\d\d_\d\d_\d+)")


def student_name(text: str) -> str:
    r"""Return a name as it is stored: one spelling, no control characters, not too long.

    Examples
    --------
    >>> student_name("Zoe\u0308 \u202e Ng\n")
    'Zoë Ng'
    """
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    text = unicodedata.normalize("NFC", text).translate(REORDERING)
    text = "".join(each if unicodedata.category(each) != "Cc" else " " for each in text)
    text = " ".join(text.split())
    if len(text) > LONGEST_NAME:
        text = f"{text[:LONGEST_NAME]}…{sha256(text.encode()).hexdigest()[:8]}"
    return text or "nameless"


def stem(name: str) -> str:
    """Return a file's name without its folders and endings: ``hw.1`` of ``a/hw.1.ipynb.txt``."""
    name = name.rpartition("/")[2]
    start = name.lower().find(".ipynb")
    return name[:start] if start > 0 else name.rpartition(".")[0] or name


@dataclass(frozen=True)
class CanvasName:
    """What Canvas writes into the name of a file.

    Attributes
    ----------
    student : str
        Name and number: two students may have the same name.
    late : bool
        After the due date.
    file : int
        Grows with time.
    original : str
        The student's own name of the file, without the number of the attempt.
    attempt : int
        From 1; more if a file of the same name was handed in before.
    """

    student: str
    late: bool
    file: int
    original: str
    attempt: int


def canvas_name(name: str) -> CanvasName | None:
    """Return what Canvas wrote into a name, if it did.

    Examples
    --------
    >>> canvas_name("doejane_LATE_1234_987654_a03-2.ipynb")
    CanvasName(student='doejane_1234', late=True, file=987654, original='a03.ipynb', attempt=3)
    """
    match = CANVAS.fullmatch(unicodedata.normalize("NFC", name))
    if match is None:
        return None
    user = match["user"]
    if match["name"] is None and not user.startswith("anon_"):
        return None
    student = f"{match['name']}_{user}" if match["name"] else user
    original = match["original"] or name
    base, attempt = stem(original), 1
    if numbered := ATTEMPT.fullmatch(base):
        original = numbered["base"] + original[len(base) :]
        attempt = int(numbered["number"]) + 1
    return CanvasName(
        student, match["late"] is not None, int(match["file"] or 0), original, attempt
    )


def moodle_name(name: str) -> str | None:
    """Return the student or group that Moodle wrote into a name, if it did.

    Examples
    --------
    >>> moodle_name("Zoë van Dyk_10442_assignsubmission_file_a03.ipynb")
    'Zoë van Dyk_10442'
    """
    match = MOODLE.fullmatch(name)
    if match is None:
        return None
    return f"{match['name']}_{match['user']}" if match["user"] else match["name"]


def copy_number(name: str) -> tuple[str, str]:
    """Return a file's name without the mark of a later copy, and the mark, to be compared.

    Examples
    --------
    >>> copy_number("a03.ipynb"), copy_number("a03 (2).ipynb")
    (('a03', ''), ('a03', '00000000000000000002'))
    """
    base = stem(name)
    for pattern in (COPY, OTTER):
        if match := pattern.fullmatch(base):
            return match["base"], match["number"].zfill(20)
    return base, ""
