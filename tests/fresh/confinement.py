"""Commands that may write below certain directories only, by Landlock (landlock(7)); reading is free."""
import ctypes
import os
import struct

# include/uapi/linux/landlock.h, asm/unistd_64.h
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION = 1  # a flag: asks for the interface's version
PATH_BENEATH = 1
WRITE_FILE, REFER, TRUNCATE = 1 << 1, 1 << 13, 1 << 14
MAKE_AND_REMOVE = 0x1FF0  # REMOVE_DIR to MAKE_SYM, bits 4 to 12
NEEDED_VERSION = 3  # from there on TRUNCATE is among them (Linux 6.2)
SET_NO_NEW_PRIVS = 38  # prctl(2)

WRITING = WRITE_FILE | MAKE_AND_REMOVE | REFER | TRUNCATE
LIBC = ctypes.CDLL(None, use_errno=True)


def is_possible():
    return LIBC.syscall(CREATE_RULESET, None, 0, VERSION) >= NEEDED_VERSION


def to(directories):
    """For subprocess's preexec_fn."""

    def confine():
        handled = struct.pack("<Q", WRITING)
        rules = checked(LIBC.syscall(CREATE_RULESET, handled, len(handled), 0))
        for directory in directories:
            opened = os.open(directory, os.O_PATH | os.O_CLOEXEC)
            checked(LIBC.syscall(ADD_RULE, rules, PATH_BENEATH, struct.pack("<Qi", WRITING, opened), 0))
            os.close(opened)
        checked(LIBC.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        checked(LIBC.syscall(RESTRICT_SELF, rules, 0))
        os.close(rules)

    return confine


def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "Landlock")
    return result
