"""--gdb: where a debugger finds the machine, which stands still before its first instruction.

The launcher opens the socket and QEMU inherits it: what is wrong with it is said before anything starts, and
a Unix socket is its owner's alone from the beginning.
"""
import contextlib
import errno
import os
import socket
import stat

from .failure import Failure, reason

LONGEST_PATH = 107  # unix(7): sun_path
ID = "gdb"


class Endpoint:
    """A listening socket. Who reaches it rules the machine, and reads every file the machine was given."""

    def __init__(self, where):
        self.path_ = None
        if where.isascii() and where.isdigit():
            self.address = f"127.0.0.1:{where}"
            self.socket_ = listen_on_port(where)
        else:
            self.address = where
            self.socket_ = listen_on_path(where)
            self.path_ = os.path.abspath(where)

    @property
    def fd(self):
        return self.socket_.fileno()

    def arguments(self):
        """For QEMU's command line."""
        return ["-S", "-chardev", f"socket,id={ID},fd={self.fd},server=on,wait=off", "-gdb", f"chardev:{ID}"]

    def close(self):
        self.socket_.close()
        if self.path_ is not None:
            with contextlib.suppress(OSError):
                os.unlink(self.path_)


def listen_on_port(text):
    """This machine only; but every user of it."""
    port = int(text) if len(text) <= 5 else 0
    if not 1 <= port <= 65535:
        raise Failure(f"--gdb {text}: say a port from 1 to 65535, or the path of a socket to be made")
    listener = socket.socket(socket.AF_INET)
    try:
        # Else the port would be refused for a minute after the last debugger has left (tcp(7), TIME_WAIT).
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(1)
    except OSError as error:
        listener.close()
        raise Failure(f"cannot wait for a debugger at port {port}: {reason(error)}") from error
    return listener


def listen_on_path(path):
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise Failure(f"--gdb: a socket's path has {LONGEST_PATH} bytes at most, and {path} has more")
    remove_if_abandoned(path)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o077)  # to connect one must be allowed to write (unix(7)): nobody else is
    try:
        listener.bind(path)
        listener.listen(1)
    except OSError as error:
        listener.close()
        raise Failure(f"cannot make the socket {path} for a debugger: {reason(error)}") from error
    finally:
        os.umask(before)
    return listener


def remove_if_abandoned(path):
    """A launcher that was killed leaves its socket behind, and nobody listens there."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            return
        with socket.socket(socket.AF_UNIX) as caller:
            caller.setblocking(False)
            if caller.connect_ex(path) == errno.ECONNREFUSED:
                os.unlink(path)
