"""Attacks that reach out of the process: network, files, privileges."""

from tests.attacks.attack import FULL, Attack


def cell(name, code):
    """Make an attack of one cell before right answers."""
    return Attack(name, FULL, cells=(code,))


REACHING = (
    cell(
        "connect to another machine's port",
        'import socket\nsocket.create_connection(("127.0.0.1", $PORT), 5)\nwon("connected")',
    ),
    cell(
        "listen on a port",
        'import socket\nserver = socket.create_server(("127.0.0.1", 0))\nwon("listening")',
    ),
    cell(
        "send a datagram",
        """
        import socket
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", $PORT))
        won("sent")
        """,
    ),
    cell(
        "listen on a Unix socket in the file system",
        'import socket\nsocket.socket(socket.AF_UNIX).bind("$DROP.socket")\nwon("bound")',
    ),
    cell(
        "listen on an abstract Unix socket",
        'import socket\nsocket.socket(socket.AF_UNIX).bind("\\0gradus-attack")\nwon("bound")',
    ),
    cell("write a file outside", 'open("$DROP", "w").write("x")\nwon("written")'),
    cell(
        "write a file for all users",
        """
        import os
        open("/dev/shm/gradus-attack", "w").close()
        os.remove("/dev/shm/gradus-attack")
        won("written")
        """,
    ),
    cell(
        "link to a secret and read the link",
        'import os\nos.symlink("$SECRET", "$DROP.link")\nwon(open("$DROP.link").read())',
    ),
    cell(
        "link to a file by another name",
        'import os\nos.link("$VICTIM", "$DROP.hard")\nwon("linked")',
    ),
    cell("make a named pipe", 'import os\nos.mkfifo("$DROP.pipe")\nwon("made")'),
    cell(
        "open a library for writing",
        """
        import os, numpy
        os.close(os.open(numpy.__file__, os.O_WRONLY))
        won("open")
        """,
    ),
    cell("become root", 'import os\nos.setuid(0)\nwon("root")'),
    cell(
        "make namespaces of its own",
        """
        import ctypes
        if ctypes.CDLL(None).unshare(0x10000000) == 0:
            won("a user namespace")
        """,
    ),
    cell(
        "raise its own limits",
        """
        import resource
        resource.setrlimit(resource.RLIMIT_NPROC, (64, 64))
        won("limits")
        """,
    ),
    cell(
        "install a package",
        "%pip install --no-index nothing-of-that-name\n!echo stolen:shell >> $TROPHY",
    ),
)
