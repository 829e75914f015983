"""What the program may know about our descriptors: which are terminals, how large, and of what kind."""
import os

from .kernel_options import encode, word


def describe():
    """The kernel options tty=, winsize= and env=TERM=…"""
    terminals = [fd for fd in (0, 1, 2) if os.isatty(fd)]
    words = [word("tty", "".join(str(fd) for fd in terminals))]
    for fd in sorted(terminals, key=(1, 2, 0).index):
        try:
            columns, lines = os.get_terminal_size(fd)
        except OSError:
            continue
        if columns > 0 and lines > 0:
            words.append(word("winsize", f"{columns}x{lines}"))
            break
    return words


def environment(settings):
    """env= words of --env K=V and --env K (our own value), and of TERM unless they speak of it."""
    chosen = {}
    for setting in ["TERM", *settings]:
        key, is_set, value = setting.partition("=")
        if not is_set:
            value = os.environ.get(key)
        if value is not None:
            chosen.pop(key, None)
            chosen[key] = value
    return [f"env={encode(key)}={encode(value)}" for key, value in chosen.items()]
