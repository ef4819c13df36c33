"""Zips that were handed in: members listed and read in memory, nothing unpacked to disk."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path, PureWindowsPath
from typing import IO

from autograder.errors import MalformedError, TamperedError
from autograder.grading.intake.files import LARGEST_BYTES, File, is_foreign

LARGEST_DIRECTORY = 20_000_000  # bytes of a zip's table of contents: some 200,000 members
MAGIC = b"PK\x03\x04"
# Of LZMA, a few bytes may ask for gigabytes of memory; no platform packs with it.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
BROKEN = (*(zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, struct.error),)
END = b"PK\x05\x06"
UTF8_NAME = 0x800


def members_of(name: str, data: bytes) -> list[File]:
    """Return the members of a zip in memory, called ``name/….``.

    Raises
    ------
    MalformedError
        If it cannot be read.
    TamperedError
        If a member's name leads out of the zip.
    """
    source = io.BytesIO(data)
    _check_directory(name, source)
    return [
        File(f"{name}/{each.name}", each.size, each.read, each.link)
        for each in _members(name, source)
    ]


def members_of_path(path: Path) -> list[File]:
    """Return the members of a zip on disk, such as the download of a whole course."""
    with _readable(path.name):
        state = path.stat()
    return _kept(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)  # each submission of a download asks for the same zip
def _kept(path: Path, _changed: int, _size: int) -> list[File]:
    with _readable(path.name), path.open("rb") as source:
        _check_directory(path.name, source)
    return _members(path.name, path)


def _members(name: str, source: Path | IO[bytes]) -> list[File]:
    with _readable(name):
        archive = zipfile.ZipFile(source)  # reads members later, and closes when it is dropped
    files = []
    for info in archive.infolist():
        member = _name(info)
        if _escapes(member):
            raise TamperedError(f"{name} has a member whose name leads out of it: {member!r}")
        if member and not info.is_dir() and not is_foreign(member):
            link = stat.S_ISLNK(info.external_attr >> 16)
            files.append(File(member, info.file_size, partial(_read, archive, info), link))
    return sorted(files, key=lambda each: each.name)


def _check_directory(name: str, source: IO[bytes]) -> None:
    """Refuse a table of contents that would take minutes to read."""
    size = source.seek(0, io.SEEK_END)
    source.seek(max(0, size - 65_557))  # the end record and the longest comment
    tail = source.read()
    start = tail.rfind(END)
    if 0 <= start <= len(tail) - 22 and size < 1 << 32:
        (directory,) = struct.unpack_from("<I", tail, start + 12)
        if directory > LARGEST_DIRECTORY:
            raise MalformedError(f"{name} holds too many files")
    source.seek(0)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > LARGEST_BYTES:
        raise MalformedError(f"{info.filename} unpacks to more than {LARGEST_BYTES // 10**6} MB")
    if info.compress_type not in METHODS:
        raise MalformedError(
            f"{info.filename} is packed in an unusual way; make the zip anew, with method deflate"
        )
    with _readable(info.filename), archive.open(info) as file:
        return file.read(LARGEST_BYTES)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise MalformedError(f"{name} is not a readable zip: {error}") from None
    except (RuntimeError, NotImplementedError) as error:
        reason = "it asks for a password" if "password" in str(error) else str(error)
        raise MalformedError(f"{name} is not a readable zip: {reason}") from None


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name with ``/`` between folders, in the encoding it was written in."""
    name = info.filename.replace("\\", "/")
    if not info.flag_bits & UTF8_NAME:  # macOS writes UTF-8 and does not say so
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _escapes(name: str) -> bool:
    return ".." in name.split("/") or name.startswith("/") or bool(PureWindowsPath(name).drive)
