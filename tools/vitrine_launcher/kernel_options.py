"""The kernel's command line: words `KEY=VALUE` between blanks, where %XX stands for any byte.

In run= and then= a comma separates the path and the arguments, so a comma inside one of them is %2C.
"""

# Everything else is written as %XX: blanks end a word, '%' and ',' are syntax, and quotes, '$', '*' and '\'
# mean something to GRUB's script language, through which these words pass when an ISO is booted.
PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=+@")


def encode(value, also_plain=b""):
    """The bytes of a value (str as the file system names it, or bytes) as they may stand in a word."""
    data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
    plain = PLAIN.union(also_plain)
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in data)


def word(key, value):
    """One word: KEY=VALUE."""
    return f"{key}={encode(value)}"


def command_word(key, arguments):
    """run= or then=: a path and its arguments."""
    return f"{key}=" + ",".join(encode(argument) for argument in arguments)


def raw_word(text):
    """A word that the user wrote in the kernel's own syntax: only what would break it is encoded."""
    return encode(text, also_plain=b"%,")


def join(words):
    """The command line."""
    return " ".join(words)
