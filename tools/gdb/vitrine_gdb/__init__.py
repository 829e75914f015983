"""What GDB learns about Vitrine. All of it is read from the kernel's own structures, by the types and names of
the debug information: no offset and no constant is written here a second time."""


def register():
    from . import areas, console, frames, printers, process, program, translation

    for module in (areas, console, frames, printers, process, program, translation):
        module.register()
