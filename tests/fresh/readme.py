"""The commands that a README tells its reader to type: indented blocks line by line, here-documents whole."""
import re

COMMAND = re.compile(r"([A-Z_]+=\S+ )*(make|tools/vitrine|cat|g\+\+) ")
HERE_DOCUMENT = re.compile(r"<<'?(\w+)'?")


def commands(path):
    """Each as it is to be typed, without the comment behind it, in the order of the page."""
    with open(path, encoding="utf-8") as file:
        lines = iter(file.read().splitlines())
    found = []
    for line in lines:
        text = line.removeprefix("    ")
        if text == line or not COMMAND.match(text):
            continue
        here = HERE_DOCUMENT.search(text)
        if here:
            text = "\n".join([text, *until(here[1], lines)])
        else:
            text = re.sub(r"\s+# .*", "", text)
        found.append(text)
    return found


def until(end, lines):
    for line in lines:
        text = line.removeprefix("    ")
        yield text
        if text == end:
            return
