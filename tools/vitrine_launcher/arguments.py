"""The command line: options, then a program whose own options are not ours.

By hand, for argparse takes `--qemu-arg -S` for two options, shortens names, and fails in two lines with
status 2.
"""
from dataclasses import dataclass

from .failure import Failure


@dataclass(frozen=True)
class Option:
    """name with its dashes; metavar "" for a flag; many: it may be repeated and gives a list; once: it must not be.

    Of all others the last counts.
    """

    name: str
    metavar: str
    help: str
    many: bool = False
    once: bool = False
    convert: object = str
    default: object = None

    @property
    def key(self):
        return self.name.lstrip("-").replace("-", "_")


class Settings:
    """The options' values as attributes, and the rest of the words."""


def parse(options, words, command):
    """Settings, with .rest beginning at the first word that is no option."""
    by_name = {option.name: option for option in options}
    settings = Settings()
    for option in options:
        setattr(settings, option.key, [] if option.many else (option.default if option.metavar else False))
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] not in ("-", "--"):
        name, is_joined, value = words[at].partition("=")
        at += 1
        option = by_name.get(name)
        if option is None:
            raise Failure(f"unknown option {name}: see tools/vitrine {command} --help")
        if not option.metavar:
            if is_joined:
                raise Failure(f"{name} takes no value")
            setattr(settings, option.key, True)
            continue
        if not is_joined:
            if at == len(words):
                raise Failure(f"{name} wants a value: {name} {option.metavar}")
            value = words[at]
            at += 1
        value = option.convert(name, value) if option.convert is not str else value
        if option.once and getattr(settings, option.key) is not None:
            raise Failure(f"{name} is given twice: once is all there can be")
        if option.many:
            getattr(settings, option.key).append(value)
        else:
            setattr(settings, option.key, value)
    settings.rest = words[at + 1 :] if words[at : at + 1] == ["--"] else words[at:]
    return settings


def words(settings, options):
    """The command line that would give these options these values."""
    result = []
    for option in options:
        value = getattr(settings, option.key)
        if not option.metavar:
            result += [option.name] if value else []
        else:
            values = value if option.many else [value]
            result += [f"{option.name}={one}" for one in values if one is not None]
    return result


def integer(lowest, highest, unit):
    """A converter for whole numbers."""

    def convert(name, text):
        # (Python refuses to make a number of more than 4300 digits.)
        is_number = text.isascii() and text.isdigit() and len(text) <= 20
        if not (is_number and lowest <= int(text) <= highest):
            raise Failure(f"{name} {text}: say a whole number of {unit} from {lowest} to {highest}")
        return int(text)

    return convert


def seconds(name, text):
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e9:
        raise Failure(f"{name} {text}: say how many seconds, more than 0")
    return value


def assignment(name, text):
    """K=V, or K alone; K must not be empty nor hold what only encoded values may."""
    key = text.partition("=")[0]
    if not key or not key.isprintable() or " " in key:
        raise Failure(f"{name} {text!r}: say KEY=VALUE")
    return text


def non_empty(name, text):
    if not text:
        raise Failure(f"{name}: the value is empty")
    return text


def help_text(usage, about, options):
    lines = [f"usage: {usage}", "", about.strip(), ""]
    for option in options:
        label = f"  {option.name} {option.metavar}".rstrip()
        note = f"{option.help} *" if option.many else option.help
        lines.append(f"{label:<22} {note}" if len(label) < 22 else f"{label}\n{'':<22} {note}")
    if any(option.many for option in options):
        lines += ["", "* may be repeated"]
    return "\n".join(lines) + "\n"
