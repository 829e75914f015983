"""The kernel's structures as gdb.Values, and the few things about the processor that the commands need."""
import gdb


def number(value):
    """An integer, or what a class holds that is nothing but an integer (PhysAddr, PageTableEntry, atomic)."""
    value = plain(value)
    while (kind := value.type.strip_typedefs()).code == gdb.TYPE_CODE_STRUCT:
        value = value[next(field for field in kind.fields() if not is_static(field))]
    return int(value)


def plain(value):
    """The object that a reference refers to."""
    if value.type.strip_typedefs().code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
        return value.referenced_value()
    return value


def is_static(field):
    return not hasattr(field, "bitpos")


def static_members(type_name):
    """The constants inside a class: {name: number}."""
    kind = gdb.lookup_type(type_name)
    example = gdb.Value(b"\0" * kind.sizeof, kind)
    return {field.name: int(example[field]) for field in kind.fields() if is_static(field)}


def enumerators(type_name):
    """The names of an enum class, in order."""
    return [field.name.rpartition("::")[2] for field in gdb.lookup_type(type_name).fields()]


def name_of(value):
    """An enumerator without the names of its namespaces."""
    return str(value).rpartition("::")[2]


def symbol(name):
    """A variable or constant of the kernel's by its full name."""
    found = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    if found is None:
        raise gdb.GdbError(f"the kernel's symbols have no {name}: file build/vitrine.elf")
    return found.value()


def object_at(address, type_name):
    return gdb.Value(address).cast(gdb.lookup_type(type_name).pointer()).dereference()


def flags(value):
    """The names of the bits that are set, of members such as `bool shared : 1`."""
    return [field.name for field in value.type.fields() if bool(value[field])]


# ---- The processor.


def register(name):
    """A register as an unsigned number. With no machine there are none."""
    try:
        frame = gdb.newest_frame()
    except gdb.error:
        raise gdb.GdbError("there is no machine: its programs have ended, or none was started") from None
    value = frame.read_register(name)
    return int(value.cast(gdb.lookup_type("unsigned long")))


def direct_map(physical):
    """Where the kernel sees a physical address: DirectMapBase, which the boot page tables have already."""
    return number(symbol("kernel::DirectMapBase")) + physical


def paging_is_on():
    return "PG" in str(gdb.newest_frame().read_register("cr0"))


def is_kernel_address(address):
    return address >= number(symbol("kernel::DirectMapBase"))


def cpu_area():
    """The CpuArea of this processor. In user mode GS is the program's, and SWAPGS will bring ours."""
    for name in ("gs_base", "k_gs_base"):
        address = register(name)
        if is_kernel_address(address):
            return object_at(address, "kernel::CpuArea")
    raise gdb.GdbError("the kernel has not come so far yet: init_cpu_area comes first in kernel_main")


def current_process():
    """The process whose thread runs; a GdbError when it is a thread of the kernel's own."""
    thread = cpu_area()["current_thread"]
    if not thread or not thread["process"]:
        raise gdb.GdbError("no program's thread runs here now: the kernel is at work for itself")
    return thread["process"].dereference()


def current_space():
    space = current_process()["space_"]
    if not space:
        raise gdb.GdbError("this process has no memory yet: exec has not been here")
    return space.dereference()
