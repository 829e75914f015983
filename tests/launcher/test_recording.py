"""--record-references: the kernel's stream of words becomes a trace, a chart and one line; and what can go wrong."""
import errno
import os
import resource
import signal
import struct
import sys
import unittest.mock
import xml.etree.ElementTree

from support import ROOT, LauncherTest

sys.path.insert(0, os.path.join(ROOT, "tools"))
from vitrine_launcher.failure import Failure  # noqa: E402
from vitrine_launcher.recording import Recording  # noqa: E402
from vitrine_launcher.working_set import MOST_SLICES, WINDOWS, WorkingSet  # noqa: E402


class RecordingTest(LauncherTest):
    def record(self, part, *options, **how):
        return self.run_program(part, "--record-references", self.path("trace"), *options, **how)

    def words(self):
        """The trace without its comments."""
        text = self.read("trace").decode()
        return [line for line in text.splitlines() if not line.startswith("#")]

    def left_over(self):
        return sorted(name for name in os.listdir(self.place) if "trace" in name)


class TraceTest(RecordingTest):
    def test_a_trace_however_the_stream_is_cut(self):
        for size in (1, 3, 8, 13, 65536):
            status, out, err = self.record(f"records:{size}:t0,5,6w,5w,t1500,7,34359738366,e0")
            self.assertEqual((status, out), (3, b"done"))
            self.assertEqual(self.words(), ["@0 0x5 0x6w 0x5w", "@1500 0x7 0x7fffffffe"])
            self.assertEqual(self.left_over(), ["trace", "trace.svg"])
            self.assertRegex(
                err.decode(),
                r"\Avitrine: recorded: 5 references to 4 pages in 2 intervals of 16; working set of .* ms: "
                r"at most 4 pages, \d+ on average; \S*/trace, \S*/trace.svg\n\Z",
            )

    def test_the_last_time_is_that_of_the_end(self):
        _, _, err = self.record("records:8:t0,5,6w,t1500,e0")
        self.assertEqual(self.words(), ["@0 0x5 0x6w", "@1500"])
        self.assertIn("2 references to 2 pages in 1 interval of 16;", err.decode())
        self.assertIn("at most 2 pages, 2 on average", err.decode())

    def test_its_head_says_program_and_method(self):
        self.record("records:8:t0,1,e0", "--record-interval", "8")
        head = self.read("trace").decode().partition("\n@")[0]
        self.assertIn("used by: prog\n", head)
        self.assertIn("Intervals of 8 pages", head)

    def test_long_intervals_have_several_lines(self):
        self.record("records:8:t7," + "".join(f"{page}," for page in range(40)) + "e0")
        lines = self.words()
        self.assertEqual(" ".join(lines).split(), ["@7", *(f"{page:#x}" for page in range(40))])
        self.assertEqual([len(line.split()) for line in lines], [17, 17, 7])

    def test_the_chart_is_drawn(self):
        self.record("records_many:1000")
        svg = xml.etree.ElementTree.fromstring(self.read("trace.svg").decode())
        self.assertEqual(svg.tag, "{http://www.w3.org/2000/svg}svg")
        self.assertIn("prog: the working set over time", svg[0].text)

    def test_the_kernel_is_told(self):
        _, out, _ = self.record("options", "--record-interval", "64")
        self.assertIn(b" record_references=64", out)
        self.assertNotIn(b"record_references", self.run_program("options")[1])

    def test_an_old_trace_is_replaced_only_by_a_whole_one(self):
        self.make_file("trace", b"old")
        process = self.start("records_and_hangs:t0,1", "run", "--record-references", "trace", self.program)
        self.assertEqual(process.stdout.readline(), b"started\n")
        self.assertEqual(self.read("trace"), b"old")
        process.kill()
        process.wait()
        self.assertEqual((self.read("trace"), self.left_over()), (b"old", ["trace"]), "and nothing lies about")

    def test_much_is_written_in_little_memory(self):
        process = self.start("records_many:20000", "run", "--record-references", "trace", self.program)
        process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        self.assertLess(usage.ru_maxrss, 64 << 10)
        self.assertEqual(len(self.words()), 20000)


class CutOffTest(RecordingTest):
    def test_a_run_that_is_interrupted_keeps_what_there_is(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            process = self.start("records_and_hangs:t0,1,2", "run", "--record-references", "trace", self.program)
            self.assertEqual(process.stdout.readline(), b"started\n")
            process.send_signal(number)
            self.assertEqual(process.wait(self.LIMIT), status)
            self.assertEqual(self.words(), ["@0 0x1 0x2"])
            self.assertIn(b"# the recording is cut off here", self.read("trace"))
            self.assertIn(b"cut off", process.stderr.read())

    def test_a_late_run_too(self):
        status, _, err = self.record("records_and_hangs:t0,1,2", "--timeout", "5")
        self.assertEqual((status, self.words()), (125, ["@0 0x1 0x2"]))
        self.assertIn(b"no end after 5 seconds", err)

    def test_what_is_missing_is_said(self):
        status, _, err = self.record("records:8:t0,1,e12")
        self.assertEqual(status, 3)
        self.assertIn(b"12 references are missing", err)
        self.assertIn(b"\n# 12 references are missing", self.read("trace"))

    def test_nothing_recorded(self):
        status, out, err = self.record("records:8:e0")
        self.assertEqual((status, out, self.left_over()), (3, b"done", []))
        self.assertRegex(err, rb"\Avitrine: nothing was recorded: \S*trace is not written\n\Z")


class FailureTest(RecordingTest):
    def assert_protocol_error(self, words, *said):
        status, _, err = self.record(f"records:8:{words}")
        self.assertEqual(status, 125)
        for word in said:
            self.assertIn(word, err.decode().splitlines()[-1])

    def test_words_that_mean_nothing(self):
        self.assert_protocol_error("1,e0", "the kernel recorded 0x2, which means nothing")
        self.assert_protocol_error(f"t0,1,{1 << 62},e0", "0x8000000000000000, which means nothing")
        self.assert_protocol_error("t5,1,t4,2,e0", "which means nothing")
        self.assert_protocol_error("t0,1,e0,2", "after the last one")
        self.assert_protocol_error("t0,1,e0,e0", "after the last one")

    def test_references_that_nobody_asked_for(self):
        self.assert_failure(self.run_program("raw:0700000008000000" "0000000000000040"), "nobody asked for them")

    def test_frames_that_are_cut_off_or_too_long(self):
        for raw, said in (
            ("0700000008000000" "00000000", b"the kernel's last frame on the channel is cut off"),
            ("07000000", b"the kernel's last frame on the channel is cut off"),
            ("0700000001000100", b"which is no frame's header"),
        ):
            status, _, err = self.record(f"raw:{raw}")
            self.assertEqual(status, 125)
            self.assertIn(said, err)

    def test_a_stream_that_ends_inside_a_word(self):
        status, _, err = self.record("raw:0700000009000000" "0000000000000040" "ff")
        self.assertEqual(status, 125, "and no status")
        self.assertIn(b"nothing was recorded", err)

    def test_a_place_that_cannot_be_written(self):
        # Before any machine starts: the pretended QEMU would leave a file.
        for path, why in (
            (self.path("no/trace"), "No such file or directory"),
            (self.place, "it is not a regular file"),
            ("/dev/null", "it is not a regular file"),
            ("/proc/trace", "cannot write the recording"),
        ):
            result = self.run_program("hangs:" + self.path("pid"), "--record-references", path)
            self.assert_failure(result, why)
        self.assertFalse(os.path.exists(self.path("pid")))

    def test_names_that_are_too_long_are_found_before_anything_starts(self):
        longest = 255 - len(".svg")  # NAME_MAX
        self.assertEqual(self.run_program("records:8:t0,1,e0", "--record-references", self.path("x" * longest))[0], 3)
        for length in (longest + 1, 256):
            result = self.run_program("hangs:" + self.path("pid"), "--record-references", self.path("y" * length))
            self.assert_failure(result, "File name too long")
        self.assertFalse(os.path.exists(self.path("pid")))

    def test_a_chart_that_has_no_place(self):
        os.mkdir(self.path("trace.svg"))
        result = self.run_program("hangs:" + self.path("pid"), "--record-references", self.path("trace"))
        self.assert_failure(result, "trace.svg, for the chart, is not a regular file")
        self.assertFalse(os.path.exists(self.path("pid")))

    def test_a_full_disk(self):
        limit = 1 << 20

        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        status, _, err = self.record("records_many:50000", preexec_fn=small_files)
        self.assertEqual(status, 125)
        self.assertIn(b"cannot write the recording", err)
        self.assertIn(b"make room", err)
        self.assertLessEqual(set(self.left_over()), {"trace", "trace.svg"})

    def test_a_trace_with_a_gap_gets_no_name(self):
        """What could not be written once is lost, even if the disk has room again at the end."""
        record = Recording(self.path("trace"), ["prog"], 16)
        record.take(struct.pack("<QQ", 1 << 62, 1 << 1))
        write = record.file_.write
        record.file_.write = unittest.mock.Mock(side_effect=OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        with self.assertRaisesRegex(Failure, "No space left on device"):
            record.take(struct.pack("<Q", 2 << 1))
        record.file_.write = write
        record.finish()
        self.assertTrue(record.file_.closed)
        self.assertEqual(self.left_over(), [])

    def test_a_file_system_where_every_file_has_a_name(self):
        # What open(2) says there of O_TMPFILE.
        self.make_file(
            "sitecustomize.py",
            b"import errno, os\n"
            b"was = os.open\n"
            b"def now(path, flags, *more, **how):\n"
            b"    if flags & os.O_TMPFILE == os.O_TMPFILE:\n"
            b"        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))\n"
            b"    return was(path, flags, *more, **how)\n"
            b"os.open = now\n",
        )
        self.environment["PYTHONPATH"] = self.place
        self.record("records:8:t0,1,e0")
        self.assertEqual((self.words(), self.left_over()), (["@0 0x1"], ["trace", "trace.svg"]))
        os.unlink(self.path("trace"))
        os.unlink(self.path("trace.svg"))
        self.record("records:8:e0")
        self.assertEqual(self.left_over(), [])

    def test_a_link_is_followed_and_stays(self):
        self.make_file("real-trace", b"")
        os.symlink("real-trace", self.path("trace"))
        self.record("records:8:t0,1,e0")
        self.assertTrue(os.path.islink(self.path("trace")))
        self.assertEqual(self.words(), ["@0 0x1"])

    def test_two_records_into_one_file(self):
        """The last one to end has it, whole, and neither leaves anything else."""
        both = [self.start(f"records_many:{count}", "run", "--record-references", "trace", self.program)
                for count in (1000, 2000)]
        for process in both:
            process.communicate()
            self.assertEqual(process.returncode, 0)
        self.assertIn(len(self.words()), (1000, 2000))
        self.assertEqual([name for name in os.listdir(self.place) if "vitrine-" in name], [])

    def test_the_kernels_own_option_beside_it(self):
        result = self.record("exits:0", "--option", "record_references=99")
        self.assert_failure(result, "--record-interval")

    def test_an_interval_alone_or_a_wrong_one(self):
        self.assert_failure(self.run_program("exits:0", "--record-interval", "8"), "--record-references FILE")
        for pages in ("7", "1025", "x", "-8"):
            self.assert_failure(self.record("exits:0", "--record-interval", pages), "from 8 to 1024")
        self.assert_failure(self.record("exits:0", "--record-references", "b"), "twice")


class WorkingSetTest(LauncherTest):
    """Against a slow, obvious count over all references."""

    def test_sizes_are_exact_at_the_ends_of_slices(self):
        for step, count in ((1, 50), (37, 3000), (10**6, 2500)):
            working_set, used = WorkingSet(), []
            for i in range(count):
                time, pages = i * i * step, {(i * i * 7919 + i // 100) % 97, i % 7}
                working_set.begin_interval(time)
                for page in pages:
                    working_set.use(page)
                    used.append((time, (i + 1) ** 2 * step if i + 1 < count else time, page))
            sizes, window = working_set.curve()
            self.assertEqual(working_set.page_count, len({page for _, _, page in used}))
            self.assertLessEqual(len(sizes), MOST_SLICES)
            self.assertEqual([time for time, _ in sizes], sorted(time for time, _ in sizes))
            end = used[-1][0]
            self.assertEqual(sizes[-1][0], end)
            for time, pages in sizes[:-1]:
                in_use = {page for begin, end, page in used if begin < time and end >= time - window}
                self.assertEqual(pages, len(in_use), time)
            if count > MOST_SLICES:
                self.assertGreaterEqual(len(sizes), MOST_SLICES // 2)
                self.assertLess(abs(window - end / WINDOWS), end / WINDOWS / 5)
