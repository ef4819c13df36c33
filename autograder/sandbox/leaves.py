"""Arrays, numpy scalars and random generators as plain descriptions plus raw bytes.

The dtypes are a fixed list. Nothing here evaluates, imports or unpickles what it is given.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
DType = np.dtype[Any]

DIMENSIONS: Final = 32
TEXT_CHARACTERS: Final = 1 << 16  # of one element of a string array
STRIDED: Final = "S"  # the layout of an array that is not contiguous
FIXED_DTYPES: Final = {
    np.dtype(code).str: np.dtype(code)  # booleans, integers, reals, complex numbers
    for code in "?bhilBHILefdgFD"
}
LONG_DOUBLE: Final = np.dtype(np.longdouble)
# Arrays of these are their bytes: nothing in them has to be checked or made canonical.
_PLAIN_CODES: Final = {
    dtype: code for code, dtype in FIXED_DTYPES.items() if dtype.char in "bhilqBHILQefdFD"
}
LONG_DOUBLE_USED: Final = 10 if np.finfo(np.longdouble).nmant == 63 else LONG_DOUBLE.itemsize


class CodecError(ValueError):
    """Tell that a value can't be encoded, or that bytes are not an encoded value."""


def dtype_code(dtype: DType) -> str | None:
    """Name a dtype on the wire; None if arrays of it do not cross.

    Parameters
    ----------
    dtype : dtype
        In native byte order.

    Returns
    -------
    str or None
        A code such as ``"<f8"`` or ``"<U5"``.
    """
    code = str(dtype.str)
    is_text = code.startswith("<U") and 1 <= dtype.itemsize // 4 <= TEXT_CHARACTERS
    return code if code in FIXED_DTYPES or is_text else None


def dtype_named(code: object) -> DType:
    """Return the dtype of a code that came over the wire."""
    if type(code) is not str:
        raise CodecError("the name of a dtype is not a string")
    if (fixed := FIXED_DTYPES.get(code)) is not None:
        return fixed
    length = code[2:]
    if code[:2] != "<U" or not (length.isascii() and length.isdigit() and len(length) <= 5):
        raise CodecError(f"arrays of dtype {code[:20]!r} are not accepted")
    if not 1 <= int(length) <= TEXT_CHARACTERS or length[0] == "0":
        raise CodecError(f"arrays of dtype {code[:20]!r} are not accepted")
    return np.dtype(code)


def describe_array(array: Array, limit: int) -> tuple[list[object], memoryview] | None:
    """Split an array into a description and its bytes.

    Parameters
    ----------
    array : ndarray
        Of exactly this class; subclasses are viewed as it before.
    limit : int
        Largest number of bytes.

    Returns
    -------
    tuple of (list, memoryview) or None
        ``[dtype, layout, *shape]`` and the elements; None if the dtype does not cross. The layout
        is ``"C"``, ``"F"`` or ``"S"`` (strided: contiguous in neither order).

    Raises
    ------
    CodecError
        If the array is larger than `limit`.
    """
    code = _PLAIN_CODES.get(array.dtype)
    if code is not None and array.flags.c_contiguous and 0 < array.nbytes <= limit:
        return [code, "C", *array.shape], array.reshape(-1).view(np.uint8).data
    dtype = array.dtype if array.dtype.isnative else array.dtype.newbyteorder("=")
    code = dtype_code(dtype)
    if code is None or array.ndim > DIMENSIONS:
        return None
    require_size(array.shape, dtype, limit)
    native = array if array.dtype.isnative else array.astype(dtype)
    layout = layout_of(native)
    flat = _canonical(_flat(native, layout))
    if native.dtype.kind == "U" and not _is_text(flat):
        return None
    return [code, layout, *native.shape], flat.view(np.uint8).data


def layout_of(array: Array) -> str:
    """Name the memory layout of an array: C order, Fortran order or strided."""
    if array.flags.c_contiguous:
        return "C"
    return "F" if array.flags.f_contiguous else STRIDED


def require_size(shape: tuple[int, ...], dtype: DType, limit: int) -> int:
    """Return the bytes of an array; empty arrays are measured by their other axes too."""
    extent, size = dtype.itemsize, dtype.itemsize
    for length in shape:
        extent, size = extent * max(length, 1), size * length
    if extent > limit:
        raise CodecError(f"an array of shape {shape} is larger than the limit")
    return size


def _flat(array: Array, layout: str) -> Array:
    """List the elements in the order of the layout, contiguously."""
    ordered = array.T if layout == "F" else np.ascontiguousarray(array)
    return ordered.reshape(-1)


def _canonical(flat: Array) -> Array:
    """Give equal elements equal bytes: booleans are 0 or 1, padding is 0."""
    if flat.dtype.kind == "b":
        return np.not_equal(flat.view(np.uint8), 0)
    if flat.dtype == LONG_DOUBLE and LONG_DOUBLE.itemsize > LONG_DOUBLE_USED:
        flat = flat.copy()
        flat.view(np.uint8).reshape(-1, LONG_DOUBLE.itemsize)[:, LONG_DOUBLE_USED:] = 0
    return flat


def _is_text(flat: Array) -> bool:
    """Tell whether every code point of a string array may stand in a string."""
    points = flat.view(np.uint32)
    surrogates = (points >= 0xD800) & (points <= 0xDFFF)
    return not bool(np.any(surrogates | (points > 0x10FFFF)))


def check_shape(sizes: list[object]) -> tuple[int, ...]:
    """Return the shape named by a hostile description."""
    if len(sizes) > DIMENSIONS:
        raise CodecError("an array has too many axes")
    shape: list[int] = []
    for size in sizes:
        if type(size) is not int or not 0 <= size < 1 << 40:
            raise CodecError("an axis of an array has no valid length")
        shape.append(size)
    return tuple(shape)


def build_array(dtype: DType, layout: object, shape: tuple[int, ...], data: memoryview) -> Array:
    """Build a writable array from its description and its bytes.

    Parameters
    ----------
    dtype, layout, shape
        As named by `describe_array`, checked.
    data : memoryview
        Exactly the bytes of the elements.

    Returns
    -------
    ndarray
        Owns its memory, or strides over memory of its own.
    """
    if layout == "C" and len(data) and dtype in _PLAIN_CODES:
        return np.frombuffer(data, dtype).reshape(shape).copy()
    flat = np.empty(len(data) // dtype.itemsize, dtype)
    flat.view(np.uint8)[...] = np.frombuffer(data, np.uint8)
    _require_valid(flat)
    if layout == "C":
        return flat.reshape(shape)
    if layout == "F":
        return flat.reshape(shape[::-1]).T
    if layout != STRIDED or not shape:
        raise CodecError("the layout of an array is unknown")
    return strided(flat.reshape(shape))


def strided(array: Array) -> Array:
    """Return an equal array whose last axis is every other entry of a larger one."""
    view = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)[..., ::2]
    view[...] = array
    return view


def _require_valid(flat: Array) -> None:
    """Refuse bytes that are no booleans or no text."""
    if flat.dtype.kind == "b" and np.any(flat.view(np.uint8) > 1):
        raise CodecError("a boolean array holds other bytes than 0 and 1")
    if flat.dtype.kind == "U" and not _is_text(flat):
        raise CodecError("a string array holds bytes that are no text")


def describe_scalar(scalar: np.generic) -> list[object] | None:
    """Return ``[dtype, bytes]`` of a numpy scalar; None if its dtype does not cross."""
    dtype: DType = np.generic.dtype.__get__(scalar)
    if (code := _PLAIN_CODES.get(dtype)) is not None:
        return [code, np.generic.tobytes(scalar)]
    if dtype.kind == "U" or dtype_code(dtype) is None:
        return None
    data = np.generic.tobytes(scalar)
    if dtype == LONG_DOUBLE:
        data = data[:LONG_DOUBLE_USED].ljust(dtype.itemsize, b"\0")
    return [dtype.str, data]


def build_scalar(code: object, data: object) -> np.generic:
    """Build a numpy scalar from its dtype and its bytes."""
    dtype = dtype_named(code)
    if type(data) is not bytes or len(data) != dtype.itemsize or dtype.kind == "U":
        raise CodecError("a scalar does not fit its dtype")
    flat = np.frombuffer(data, dtype)
    _require_valid(flat)
    scalar: np.generic = flat[0]
    return scalar


def describe_generator(generator: np.random.Generator) -> list[object] | None:
    """Return the state of a PCG64 generator; None for another algorithm."""
    bits = np.random.Generator.bit_generator.__get__(generator)
    if type(bits) is not np.random.PCG64:
        return None
    whole = bits.state
    words = [whole["state"][key].to_bytes(16, "little") for key in ("state", "inc")]
    return [*words, int(whole["has_uint32"]), int(whole["uinteger"])]


def build_generator(*parts: object) -> np.random.Generator:
    """Build a generator in a given state; `spawn` on it starts from a fixed sequence."""
    state, increment, has_half, half = parts
    number, step = _word(state), _word(increment)
    if type(has_half) is not int or type(half) is not int or not 0 <= half < 1 << 32:
        raise CodecError("the state of a generator is malformed")
    if has_half not in {0, 1} or step % 2 == 0:
        raise CodecError("the state of a generator is impossible")
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": number, "inc": step},
        "has_uint32": has_half,
        "uinteger": half,
    }
    return np.random.Generator(bits)


def _word(data: object) -> int:
    """Read an unsigned integer of 128 bits."""
    if type(data) is not bytes or len(data) != 16:
        raise CodecError("the state of a generator has the wrong size")
    return int.from_bytes(data, "little")
