#include "kernel/device/disks.hpp"

#include "kernel/device/virtio_block.hpp"
#include "kernel/log.hpp"
#include "kernel/options.hpp"

#include <algorithm>

namespace kernel {

namespace {

constinit std::array<BlockDevice *, MaxDisks> disks{};
constinit unsigned count = 0;

} // namespace

void init_disks()
{
    add_virtio_disks();
    for (unsigned i = 0; i < count; i++) {
        BlockDevice &each = *disks[i];
        each.set_timeout(options().disk_timeout * 1'000'000'000);
        log_info("{}: {} sectors of {} bytes, {}serial '{}'", each.name(), each.geometry().sectors,
                 SectorSize, each.geometry().read_only ? "read-only, " : "", each.serial());
    }
}

void add_disk(BlockDevice &disk)
{
    disk.index_ = count;
    disk.name_[2] = static_cast<char>('a' + count);
    disks[count++] = &disk;
}

unsigned disk_count()
{
    return count;
}

BlockDevice &disk(unsigned index)
{
    return *disks[index];
}

uint64_t check_disk_timeouts(uint64_t now)
{
    uint64_t next = BlockDevice::NoDeadline;
    for (unsigned i = 0; i < count; i++) next = std::min(next, disks[i]->check_timeouts(now));
    return next;
}

} // namespace kernel
