"""What the importers of other systems do with a file, written from their documentation and rules.

Nothing here comes from the package: an export that these accept was read by other code.
"""

import csv
import html
import io
import re
from dataclasses import dataclass, field

TOTALS = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")


@dataclass
class CanvasCourse:
    """A Canvas course: its gradebook, how it is exported, and what an import does to it.

    Students are `id: (first, last, sis, login, section)`, assignments `id: (title, points)`.
    """

    students: dict[int, tuple[str, str, str, str, str]]
    assignments: dict[int, tuple[str, float]]
    scores: dict[tuple[int, int], str] = field(default_factory=dict)
    unassigned: set[tuple[int, int]] = field(default_factory=set)
    read_only: set[int] = field(default_factory=set)
    created: list[str] = field(default_factory=list)
    custom: tuple[str, ...] = ("Notes",)

    def export(self, delimiter=",", comma=False, split=False, bom=False):
        """Return the gradebook as CSV; `comma` is the decimal sign of some languages."""

        def number(value):
            return str(value).replace(".", ",") if comma else str(value)

        names = ["LastName", "FirstName"] if split else ["Student"]
        ids = ["ID", "SIS User ID", "SIS Login ID", "Section", "Notes"]
        titles = [f"{title} ({key})" for key, (title, _) in self.assignments.items()]
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter)
        writer.writerow([*names, *ids, *titles, "Current Score", "Unposted Final Grade"])
        blank = [""] * (len(names) + len(ids) - 1)
        writer.writerow([*blank, "", *["Manual Posting"] * len(titles), "", ""])
        points = [
            "(read only)" if key in self.read_only else number(points)
            for key, (_, points) in self.assignments.items()
        ]
        writer.writerow(["    Points Possible", *blank, *points, "(read only)", "(read only)"])
        for key, (first, last, *about) in self.students.items():
            cells = [
                "N/A"
                if (key, each) in self.unassigned
                else number(self.scores.get((key, each), ""))
                for each in self.assignments
            ]
            name = [last, first] if split else [f"{last}, {first}"]
            writer.writerow([*name, key, *about, "a note", *cells, number("71.5"), "C"])
        return ("\ufeff" if bom else "") + text.getvalue()

    def load(self, text):
        """Import a CSV file, as a person does who says yes to every change."""
        first = text.splitlines()[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        start = header.index("Section") + 1
        found = {}
        for index in range(start, len(header)):
            if header[index] not in self.custom and not TOTALS.search(header[index]):
                found[index] = self._assignment(header[index])
        for row in rows:
            if "Points Possible" in row[0]:
                found = {
                    index: key
                    for index, key in found.items()
                    if not re.search(r"read\s+only", row[index])
                }
                for index, key in found.items():
                    if row[index]:
                        title, _ = self.assignments[key]
                        self.assignments[key] = (title, float(self._number(row[index])))
            elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", each) for each in row):
                student = self._student(dict(zip(header[:start], row[:start], strict=True)))
                for index, key in found.items():
                    self._enter(student, key, row[index].strip())

    def _assignment(self, header):
        match = re.search(r"\((\d+)\)\s*$", header)
        if match and int(match[1]) in self.assignments:
            return int(match[1])
        for key, (title, _) in self.assignments.items():
            if title == header:
                return key
        self.created.append(f"assignment {header}")
        key = -len(self.created)
        self.assignments[key] = (header, 0.0)
        return key

    def _student(self, about):
        number = re.match(r"\d+", about["ID"])
        if number and int(number[0]) in self.students:
            return int(number[0])
        name = (
            about["Student"] if "Student" in about else f"{about['FirstName']} {about['LastName']}"
        )
        for key, (first, last, sis, login, _) in self.students.items():
            if about.get("SIS User ID") == sis or about.get("SIS Login ID") == login:
                return key
            if name in {f"{first} {last}", f"{last}, {first}"}:
                return key
        self.created.append(f"student {name}")
        key = -len(self.created)
        self.students[key] = ("", name, "", "", "")
        return key

    def _enter(self, student, assignment, cell):
        if (student, assignment) in self.unassigned:
            return
        if cell in {"", "-"}:
            self.scores.pop((student, assignment), None)
        else:
            self.scores[student, assignment] = self._number(cell)

    @staticmethod
    def _number(cell):
        if not re.fullmatch(r"-?[0-9.,]+%?", cell):
            return cell.upper() if cell.upper() == "EX" else cell
        *whole, last = re.split("[,.]", cell)
        return ".".join(["".join(whole), last]) if whole else last


@dataclass
class MoodleCourse:
    """A Moodle course with users by the field that the import maps, and one grade item."""

    users: set[str]
    grades: dict[str, float | None] = field(default_factory=dict)
    feedback: dict[str, str] = field(default_factory=dict)

    def load(self, text):
        """Import all or nothing; raise ValueError as the importer refuses.

        A row without an identifier goes to the student above it, as in the importer.
        """
        grades, feedback, user = dict(self.grades), dict(self.feedback), None
        _, *rows = csv.reader(io.StringIO(text, newline=""))
        for identifier, grade, comment in ([cell.strip() for cell in row] for row in rows):
            if identifier not in {"", "0"}:
                user = identifier
            if user not in self.users:
                raise ValueError(f"user mapping error: {user!r}")
            grades[user] = None if grade in {"", "-"} else float(grade)
            feedback[user] = comment
        self.grades, self.feedback = grades, feedback


def shown(html_text):
    """The text that a page shows, without tags."""
    return html.unescape(re.sub(r"<[^>]*>", "\n", html_text))
