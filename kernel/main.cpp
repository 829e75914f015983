// The ordered list of what makes a machine into Vitrine, and nothing else.
#include "boot/boot_info.hpp"
#include "kernel/address_map.hpp"
#include "kernel/boot_memory.hpp"
#include "kernel/cpu/clock.hpp"
#include "kernel/cpu/cpu_area.hpp"
#include "kernel/cpu/features.hpp"
#include "kernel/cpu/fpu.hpp"
#include "kernel/cpu/local_apic.hpp"
#include "kernel/cpu/page_operations.hpp"
#include "kernel/device/console.hpp"
#include "kernel/device/disks.hpp"
#include "kernel/device/serial.hpp"
#include "kernel/file/files.hpp"
#include "kernel/log.hpp"
#include "kernel/memory_report.hpp"
#include "kernel/options.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/disk_watch.hpp"
#include "kernel/process/piece.hpp"
#include "kernel/process/programs.hpp"
#include "kernel/process/reclaimer.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/random.hpp"
#include "kernel/test_provocations.hpp"
#include "kernel/trap/trap.hpp"
#include "mm/machine.hpp"

using namespace kernel;

void kernel_main(const boot::BootInfo &info)
{
    init_serial();
    log_info("Vitrine, started by {}", info.loader_name());
    if (info.problem != nullptr) refuse("{}", info.problem);

    init_cpu_area();
    init_features();
    init_traps();
    init_vector_state();
    init_page_operations();

    init_boot_memory(info);
    init_address_map(info);
    init_frames();
    init_scheduler();

    init_local_apic();
    init_clock();
    init_random();

    init_files(
        {static_cast<const std::byte *>(mm::machine::window(info.archive.begin)), info.archive.size()});
    init_options(info);
    init_pool();
    init_reclaim();
    init_console();
    init_disks();
    init_devices();
    watch_disks();
    start_reclaimer();

    if (!options().test.empty()) provoke(options().test);
    run_programs();
}
