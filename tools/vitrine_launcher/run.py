"""`vitrine run` and `vitrine boot`: one run of QEMU from the command line to the exit status."""
import contextlib
import os
import re
import shutil
import tempfile
import time

from . import contents, disk, iso, kernel_file, kernel_options, outcome, qemu, recording, swap, terminal, uefi
from .debugger import Endpoint
from .failure import Failure, reason, report
from .log_file import LogFile
from .machine import Machine
from .output import Output, Stream
from .relay import Relay
from .signals import Signals

MIB = 1 << 20
# QEMU's PVH loader puts the archive below the hole for devices (hw/i386/pc_piix.c: RAM from 3.5 GiB on is
# split at 3 GiB) and below its own tables; the kernel needs some memory of its own before it can give the
# archive's back.
SPLIT_FROM, SPLIT_AT = 3584 * MIB, 3072 * MIB
KEPT_FREE = 1 * MIB
DEFAULT_TIMEOUT = 3600.0  # seconds


def run(settings, started):
    """Run a program; returns its status."""
    if not settings.rest:
        raise Failure("no program is named: tools/vitrine run PROGRAM [ARG...]")
    version = qemu.VersionCheck(qemu.find())
    with contextlib.ExitStack() as resources:
        resources.callback(version.cancel)
        kernel = settings.kernel or kernel_file.default_path(settings.checked)
        kernel_end = kernel_file.memory_needed(kernel, settings.kernel is None, settings.checked)
        main = contents.Command(settings.rest)
        beside = [contents.Command(contents.split_command(text)) for text in settings.__dict__["with"]]
        later = contents.later_commands(settings)
        cwd = contents.working_directory()
        disks = swap.attach(disk.open_all(settings.disk), settings, resources, left(settings, started))
        words = [
            kernel_options.word("cwd", cwd),
            *terminal.describe(),
            *terminal.environment(settings.env),
            *(command.word("run") for command in (main, *beside)),
            *(command.word(key) for key, command in later),
            *disk.words(disks, settings),
            *recording_words(settings),
            *(kernel_options.raw_word(text) for text in settings.option),
        ]
        archive = contents.make_archive(
            commands=(main, *beside, *(command for _, command in later)),
            additions=contents.additions(settings),
            words=words,
            cwd=cwd,
        )
        check_memory(archive.size, kernel_end, settings.memory)
        firmware, firmware_fds = chosen_firmware(settings, resources, archive.size)
        keep = KeptFiles(settings.debug_keep, os.path.basename(main.host))
        keep.text("options", kernel_options.join(words) + "\n")
        log = open_log(settings, os.path.basename(main.host), resources)
        if settings.iso or settings.uefi:
            medium = resources.enter_context(private_iso(archive, kernel, left(settings, started), keep))
            media = qemu.iso(medium.fileno())
        else:
            medium = resources.enter_context(private_archive(archive, keep))
            media = [*qemu.pvh(kernel, medium.fileno()), *disk.without_firmware(disks)]
        version.result()
        fds = (medium.fileno(), *firmware_fds)
        with begun_recording(settings) as record:
            return start(settings, started, log, [*firmware, *media], fds, keep, disks, record)


def boot(settings, started):
    """Boot an ISO that was built before, with the channel attached; returns its first program's status."""
    if len(settings.rest) != 1:
        raise Failure("name one ISO: tools/vitrine boot build/vitrine.iso")
    path = settings.rest[0]
    version = qemu.VersionCheck(qemu.find())
    with contextlib.ExitStack() as resources:
        resources.callback(version.cancel)
        try:
            medium = resources.enter_context(open(path, "rb"))
        except OSError as error:
            raise Failure(f"cannot read the ISO {path}: {reason(error)}: build one with make iso") from error
        disks = swap.attach(disk.open_all(settings.disk), settings, resources, left(settings, started))
        words = [
            *terminal.describe(),
            *terminal.environment([*settings.env, *(["VITRINE_FAST=1"] if settings.fast else [])]),
            *disk.words(disks, settings),
            *(kernel_options.raw_word(text) for text in settings.option),
        ]
        name = os.path.basename(path)
        keep = KeptFiles(settings.debug_keep, name)
        log = open_log(settings, name, resources)
        firmware, firmware_fds = chosen_firmware(settings, resources)
        version.result()
        media = [*firmware, *qemu.iso(medium.fileno(), kernel_options.join(words))]
        return start(settings, started, log, media, (medium.fileno(), *firmware_fds), keep, disks)


def recording_words(settings):
    if settings.record_references is None:
        if settings.record_interval is not None:
            raise Failure("--record-interval says how to record, --record-references FILE that and where")
        return []
    if any(text.startswith("record_references=") for text in settings.option):
        raise Failure("--option record_references contradicts --record-references FILE: say --record-interval PAGES")
    return [kernel_options.word("record_references", str(interval(settings)))]


def interval(settings):
    return settings.record_interval or recording.USUAL_INTERVAL


@contextlib.contextmanager
def begun_recording(settings):
    """A Recording, or None. However the run ends, what was recorded until then is kept."""
    if settings.record_references is None:
        yield None
        return
    record = recording.Recording(settings.record_references, settings.rest, interval(settings))
    with contextlib.closing(record):
        try:
            yield record
        except BaseException:
            with contextlib.suppress(Failure):  # the first one counts
                record.finish()
            raise
        record.finish()


def chosen_firmware(settings, resources, archive_size=0):
    """QEMU's arguments for it, and the descriptors that it inherits for it; its own BIOS needs neither."""
    if not settings.uefi:
        return [], ()
    uefi.check_memory(settings.memory, archive_size)
    return resources.enter_context(uefi.flash())


def start(settings, started, log, media, media_fds, keep, disks, record=None):
    limit = time_limit(settings)
    deadline = started + limit if limit else None
    with contextlib.ExitStack() as resources:
        endpoint = Endpoint(settings.gdb) if settings.gdb else None
        if endpoint:
            resources.callback(endpoint.close)
        signals = resources.enter_context(Signals())
        machine = resources.enter_context(contextlib.closing(Machine()))
        keyboard = resources.enter_context(contextlib.closing(terminal.Keyboard(0)))
        command = qemu.command(
            qemu.find(),
            memory=settings.memory,
            cpu=settings.cpu,
            icount=settings.icount,
            log_fd=machine.log_fd,
            channel_fd=machine.channel_fd,
            media=media,
            disks=disk.arguments(disks, qemu.find()),
            extra=[*(endpoint.arguments() if endpoint else []), *settings.qemu_arg],
        )
        keep.text("command", qemu.quoted(command) + "\n")
        output = Output({1: Stream(1, "standard output"), 2: Stream(2, "standard error")})
        fds = [*media_fds, *(fd for each in disks for fd in each.fds)]
        machine.start(command, [*fds, endpoint.fd] if endpoint else fds)
        if endpoint:
            report(f"waiting for a debugger; in GDB: target remote {endpoint.address}")
        relay = Relay(
            machine,
            log,
            output,
            signals,
            keyboard,
            deadline=deadline,
            timeout=limit,
            show_lessons=settings.lessons or os.isatty(2),
            may_be_silent=bool(settings.qemu_arg or settings.gdb),
            recording=record,
            last_words_of_firmware=uefi.GAVE_UP if settings.uefi else (),
        )
        try:
            relay.run()
        except Failure as failure:
            raise Failure(f"{failure} (log: {kernel_file.shown(log.path)})") from failure
        log.close()
        return outcome.exit_status(
            outcome.Ending(
                machine.status,
                relay.kernel_spoke,
                relay.program_status,
                log.panic,
                log.refusal,
                relay.last_error(),
                kernel_file.shown(log.path),
            )
        )


def time_limit(settings):
    """--timeout in seconds, or None: who looks at a machine with a debugger takes the time it takes."""
    return settings.timeout or (None if settings.gdb else DEFAULT_TIMEOUT)


def left(settings, started):
    """Seconds until --timeout, or None."""
    limit = time_limit(settings)
    return max(0.001, started + limit - time.monotonic()) if limit else None


def check_memory(archive_size, kernel_end, memory):
    """QEMU and GRUB would say it late and in words that help nobody."""
    needed = kernel_end + archive_size + KEPT_FREE
    usable = SPLIT_AT if memory * MIB >= SPLIT_FROM else memory * MIB
    if needed <= usable:
        return
    size = f"the programs and files to be run have {archive_size / MIB:.1f} MiB"
    if needed > SPLIT_FROM - MIB:
        raise Failure(f"{size}: more than can be handed to a kernel at its start; leave files out")
    raise Failure(
        f"{size}, too much for {memory} MiB of memory: say --memory {-(-needed // MIB) + 8} or more"
    )


def open_log(settings, name, resources):
    """--log FILE, or a file below the build directory that is named after the program."""
    if settings.log is not None:
        path = settings.log
    else:
        name = re.sub(r"[^A-Za-z0-9_.+-]", "_", name)[:100].lstrip(".") or "program"
        path = os.path.join(kernel_file.build_directory(), "log", name + ".log")
    log = LogFile(path, settings.log is None)
    resources.callback(log.close)
    return log


@contextlib.contextmanager
def private_archive(archive, keep):
    """The archive in a file without a name: not even a launcher that was killed leaves it behind."""
    try:
        file = os.fdopen(os.memfd_create("vitrine-archive", os.MFD_CLOEXEC), "w+b", buffering=MIB)
    except OSError:
        file = tempfile.TemporaryFile(buffering=MIB)
    try:
        archive.write(file)
        keep.copy("archive.cpio", qemu.descriptor_path(file.fileno()))
        yield file
    finally:
        with contextlib.suppress(OSError):  # what could not be written then cannot be written now
            file.close()


@contextlib.contextmanager
def private_iso(archive, kernel, patience, keep):
    """The same as an ISO: the directory it was made in is gone before QEMU starts."""
    with iso.Staging() as staging:
        staging.write_archive(archive)
        path = staging.make(kernel, patience)
        keep.copy("archive.cpio", staging.archive_path)
        keep.copy("vitrine.iso", path)
        file = open(path, "rb")
    with file:
        yield file


class KeptFiles:
    """--debug-keep: what was handed to QEMU, in build/debug/PROGRAM/, to be looked at and started by hand."""

    def __init__(self, wanted, name):
        self.directory_ = os.path.join(kernel_file.build_directory(), "debug", name) if wanted else None

    def text(self, name, text):
        if self.directory_ is not None:
            with self.failing_plainly_():
                os.makedirs(self.directory_, exist_ok=True)
                with open(os.path.join(self.directory_, name), "w", encoding="utf-8") as file:
                    file.write(text)

    def copy(self, name, source):
        if self.directory_ is not None:
            with self.failing_plainly_():
                shutil.copyfile(source, os.path.join(self.directory_, name))

    @contextlib.contextmanager
    def failing_plainly_(self):
        try:
            yield
        except OSError as error:
            raise Failure(f"cannot keep files in {self.directory_}: {reason(error)}") from error
