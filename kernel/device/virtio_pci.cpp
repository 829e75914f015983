#include "kernel/device/virtio_pci.hpp"

#include "kernel/address_map.hpp"
#include "kernel/cpu/interrupts.hpp"
#include "kernel/log.hpp"

#include <algorithm>
#include <bit>

namespace kernel {

namespace {

constexpr uint16_t RedHat = 0x1af4;
constexpr uint16_t ModernIds = 0x1040; // plus the device type (4.1.2.1)
// Transitional devices, which speak the language of before 1.0 as well, keep the numbers they had then.
constexpr uint16_t TransitionalBlock = 0x1001;

// Vendor capabilities that say where the structures are (4.1.4).
constexpr uint8_t VendorCapability = 0x09;
constexpr uint8_t TypeAt = 3, BarAt = 4, OffsetAt = 8, LengthAt = 12, MultiplierAt = 16;
enum class Structure : uint8_t { Common = 1, Notify = 2, Interrupt = 3, Device = 4 };

// The common configuration structure (4.1.4.3).
constexpr unsigned DeviceFeatureSelect = 0, DeviceFeature = 4, DriverFeatureSelect = 8, DriverFeature = 12;
constexpr unsigned ConfigMsixVector = 16, QueueCount = 18, DeviceStatus = 20, QueueSelect = 22,
                   QueueSize = 24;
constexpr unsigned QueueMsixVector = 26, QueueEnable = 28, QueueNotifyOffset = 30;
constexpr unsigned QueueDescriptors = 32, QueueAvailable = 40, QueueUsed = 48;
constexpr uint32_t CommonBytes = 56;
constexpr uint16_t NoVector = 0xffff;

// Device status (2.1).
constexpr uint8_t Acknowledge = 1, Driver = 2, DriverOk = 4, FeaturesOk = 8, NeedsReset = 64;

constexpr unsigned ResetPatience = 1'000'000; // reads of the status

template <typename T> T get(volatile uint8_t *base, unsigned offset)
{
    return *reinterpret_cast<volatile T *>(base + offset);
}
template <typename T> void put(volatile uint8_t *base, unsigned offset, T value)
{
    *reinterpret_cast<volatile T *>(base + offset) = value;
}
// 64-bit fields are written in halves (4.1.3.1).
void put_address(volatile uint8_t *base, unsigned offset, const void *memory)
{
    uint64_t physical = physical_of(memory).value();
    put<uint32_t>(base, offset, static_cast<uint32_t>(physical));
    put<uint32_t>(base, offset + 4, static_cast<uint32_t>(physical >> 32));
}

bool is_virtio(const PciDevice &device)
{
    if (device.vendor() != RedHat) return false;
    uint16_t id = device.id();
    return (id >= ModernIds && id < ModernIds + 0x40) || id == TransitionalBlock;
}

bool is_of_type(const PciDevice &device, VirtioType type)
{
    uint16_t id = device.id();
    return id == ModernIds + static_cast<uint16_t>(type) ||
           (type == VirtioType::Block && id == TransitionalBlock);
}

} // namespace

const char *VirtioDevice::find(VirtioType type, unsigned n)
{
    for (unsigned i = 0;; i++) {
        PciDevice candidate;
        if (!find_pci_device(is_virtio, i, candidate)) return "there is none";
        if (!is_of_type(candidate, type) || n-- > 0) continue;
        return take(candidate);
    }
}

unsigned VirtioDevice::count(VirtioType type)
{
    unsigned found = 0;
    PciDevice candidate;
    for (unsigned i = 0; find_pci_device(is_virtio, i, candidate); i++) found += is_of_type(candidate, type);
    return found;
}

const char *VirtioDevice::take(const PciDevice &device)
{
    pci_ = device;
    pci_.enable();
    if (const char *problem = map_structures()) return problem;
    log_info("virtio: device {:#x} on PCI {}.{}.{}, registers at {:#x}", pci_.id(), pci_.bus(), pci_.device(),
             pci_.function(), common_at_.value());
    if (!restart()) return "the device does not answer a reset";
    if (!msix_.init(pci_)) return "the device has no MSI-X interrupts";
    return nullptr;
}

bool VirtioDevice::restart()
{
    if (!reset()) return false;
    put<uint8_t>(common_, DeviceStatus, Acknowledge);
    put<uint8_t>(common_, DeviceStatus, Acknowledge | Driver);
    return true;
}

bool VirtioDevice::reset()
{
    put<uint8_t>(common_, DeviceStatus, 0);
    for (unsigned reads = 0; status() != 0; reads++) { // 4.1.4.3.2: it reads 0 when the reset is complete
        if (reads == ResetPatience) return false;
        pause_processor();
    }
    return true;
}

const char *VirtioDevice::map_structures()
{
    for (uint8_t at = pci_.find_capability(VendorCapability); at != 0;
         at = pci_.find_capability(VendorCapability, at)) {
        auto type = static_cast<Structure>(pci_.read8(static_cast<uint8_t>(at + TypeAt)));
        if (type != Structure::Common && type != Structure::Notify && type != Structure::Device) continue;
        mm::PhysAddr base = pci_.memory_base(pci_.read8(static_cast<uint8_t>(at + BarAt)));
        uint32_t offset = pci_.read32(static_cast<uint8_t>(at + OffsetAt));
        uint32_t bytes = pci_.read32(static_cast<uint8_t>(at + LengthAt));
        if (base == mm::PhysAddr{0}) return "the firmware gave the device no address";
        auto mapped = map_device(base + offset, bytes);
        if (!mapped.ok()) return "the device's registers do not fit into the device window";
        auto *registers = static_cast<volatile uint8_t *>(mapped.value());
        // The first capability of a type is the one the device prefers (4.1.4.1).
        if (type == Structure::Common && common_ == nullptr && bytes >= CommonBytes) {
            common_ = registers;
            common_at_ = base + offset;
        } else if (type == Structure::Notify && notify_base_ == nullptr) {
            notify_base_ = registers;
            notify_bytes_ = bytes;
            notify_multiplier_ = pci_.read32(static_cast<uint8_t>(at + MultiplierAt));
        } else if (type == Structure::Device && device_ == nullptr) {
            device_ = registers;
            device_bytes_ = bytes;
        }
    }
    if (common_ == nullptr || notify_base_ == nullptr) return "the device has no modern virtio registers";
    return nullptr;
}

const char *VirtioDevice::negotiate(uint64_t wanted)
{
    uint64_t offered = 0;
    for (uint32_t half = 0; half < 2; half++) {
        put<uint32_t>(common_, DeviceFeatureSelect, half);
        offered |= uint64_t{get<uint32_t>(common_, DeviceFeature)} << (32 * half);
    }
    if (!(offered & VirtioVersion1)) return "the device is older than virtio 1.0";
    features_ = offered & (wanted | VirtioVersion1);
    for (uint32_t half = 0; half < 2; half++) {
        put<uint32_t>(common_, DriverFeatureSelect, half);
        put<uint32_t>(common_, DriverFeature, static_cast<uint32_t>(features_ >> (32 * half)));
    }
    put<uint8_t>(common_, DeviceStatus, Acknowledge | Driver | FeaturesOk);
    if (!(status() & FeaturesOk)) return "the device refuses the features";
    put<uint16_t>(common_, ConfigMsixVector, NoVector);
    return nullptr;
}

const char *VirtioDevice::add_queue(uint16_t index, Virtqueue &queue, Virtqueue::Memory &memory,
                                    InterruptHandler handler, void *context)
{
    if (index >= MaxQueues || index >= get<uint16_t>(common_, QueueCount))
        return "the device has too few queues";
    put<uint16_t>(common_, QueueSelect, index);
    uint16_t size = std::min(get<uint16_t>(common_, QueueSize), Virtqueue::MaxSize);
    if (size == 0) return "a queue of the device is not there";
    size = std::bit_floor(size);
    queue.init(memory, size);
    put<uint16_t>(common_, QueueSize, size);
    put_address(common_, QueueDescriptors, memory.descriptors);
    put_address(common_, QueueAvailable, &memory.available);
    put_address(common_, QueueUsed, &memory.used);

    if (const char *problem = connect_interrupt(index, handler, context)) return problem;
    uint64_t offset = uint64_t{get<uint16_t>(common_, QueueNotifyOffset)} * notify_multiplier_;
    if (offset + sizeof(uint16_t) > notify_bytes_) return "the device's notification registers are malformed";
    notify_[index] = reinterpret_cast<volatile uint16_t *>(notify_base_ + offset);
    put<uint16_t>(common_, QueueEnable, 1);
    return nullptr;
}

// Of the selected queue. A vector is never given back: after a restart the queue has it still.
const char *VirtioDevice::connect_interrupt(uint16_t index, InterruptHandler handler, void *context)
{
    if (!has_interrupt_[index]) {
        if (next_msix_entry_ >= msix_.size()) return "there is no interrupt left for the device";
        uint8_t vector = allocate_interrupt_vector(handler, context);
        if (vector == 0) return "there is no interrupt left for the device";
        msix_entry_[index] = next_msix_entry_++;
        msix_.set(msix_entry_[index], vector);
        has_interrupt_[index] = true;
    }
    put<uint16_t>(common_, QueueMsixVector, msix_entry_[index]);
    if (get<uint16_t>(common_, QueueMsixVector) != msix_entry_[index])
        return "the device refuses an interrupt";
    return nullptr;
}

void VirtioDevice::start()
{
    put<uint8_t>(common_, DeviceStatus, Acknowledge | Driver | FeaturesOk | DriverOk);
}

void VirtioDevice::notify(uint16_t index) const
{
    *notify_[index] = index;
}

uint8_t VirtioDevice::status() const
{
    return get<uint8_t>(common_, DeviceStatus);
}

bool VirtioDevice::needs_reset() const
{
    return (status() & NeedsReset) != 0;
}

void VirtioDevice::read_configuration(size_t offset, void *to, size_t bytes) const
{
    auto *out = static_cast<uint8_t *>(to);
    for (size_t i = 0; i < bytes; i++) {
        out[i] = offset + i < device_bytes_ ? get<uint8_t>(device_, static_cast<unsigned>(offset + i)) : 0;
    }
}

} // namespace kernel
