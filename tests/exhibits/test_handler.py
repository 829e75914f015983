"""handler: what a signal says of a page fault, and a pager in user space that keeps to its frames."""
import re
import unittest

from runner import ON_LINUX, ExhibitTest, last_words, run

ROW = re.compile(r"^  (writes to all|reads all|10 times the last ones) +([.#]{48})\n"
                 r" +(\d+) signals, +(\d+) put away, +(\d+) brought back$", re.M)
PAGES, FIRST_PAGE = 48, 7


def fifo(frames):
    """(signals, put away, brought back) of each part, as first in, first out has it."""
    memory, stored, parts = [FIRST_PAGE], set(), []
    for pages in (range(PAGES), range(PAGES), [*range(PAGES - frames, PAGES)] * 10):
        signals = put_away = brought_back = 0
        for page in pages:
            if page in memory:
                continue
            signals += 1
            if len(memory) == frames:
                stored.add(memory.pop(0))
                put_away += 1
            brought_back += page in stored
            memory.append(page)
        parts.append((signals, put_away, brought_back))
    return parts


class Handler(ExhibitTest):
    def check(self, text, frames):
        start = int(self.find(r"^48 pages from (0x[0-9a-f]+) on are PROT_NONE: no access", text), 16)
        self.assertEqual(self.find(r"^  SIGSEGV +si_code (\d+) \((\S+)\)$", text), ("2", "SEGV_ACCERR"))
        address, page = self.find(r"^  si_addr +(0x[0-9a-f]+), in page (\d+)$", text)
        self.assertEqual((int(page), int(address, 16)), (FIRST_PAGE, start + FIRST_PAGE * 4096 + 42))
        self.find(r"^  rip +(0x[0-9a-f]+), the instruction", text)
        self.find(r"^  error code +(0x6): no page there, write, user mode$", text)
        self.find(r"the write is done: it reads (99)\.$", text)
        rows = ROW.findall(text)
        self.assertEqual([row[0] for row in rows], ["writes to all", "reads all", "10 times the last ones"], text)
        self.assertEqual([tuple(map(int, row[2:])) for row in rows], fifo(frames))
        for row in rows:
            self.assertEqual(row[1], "." * (PAGES - frames) + "#" * frames)
        self.find(r"^(Every byte of every page was right\.)$", text)

    def test_twelve_frames(self):
        self.check(run("handler"), 12)

    def test_other_numbers_of_frames(self):
        for frames in (1, 5, PAGES):
            self.check(run("handler", str(frames)), frames)

    def test_what_is_not_its_own_kills(self):
        text, lesson = last_words("handler", "stray", status=139)
        self.check(text, 12)
        if not ON_LINUX:
            self.assertIn("SIGSEGV", lesson)

    def test_nonsense_is_refused(self):
        for argument in ("0", "49", "strays"):
            self.assertEqual(run("handler", argument, status=2), "")


if __name__ == "__main__":
    unittest.main()
