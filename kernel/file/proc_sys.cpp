// /proc/sys: what sysctl(8) shows. Everything can only be read.
#include "kernel/file/file.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/file/text_file.hpp"
#include "kernel/process/limits.hpp"
#include "kernel/process/process_table.hpp"
#include "kernel/system_name.hpp"
#include "mm/kernel_heap.hpp"

#include <span>

namespace kernel::proc {

namespace {

constexpr uint64_t FirstIndex = 5000; // of inode numbers, behind those of /proc itself

struct Setting {
    std::string_view name;
    WriteText write;
};

void put_number(lib::TextSink &sink, uint64_t number)
{
    lib::format(sink, "{}\n", number);
}
void put_line(lib::TextSink &sink, std::string_view text)
{
    lib::format(sink, "{}\n", text);
}

constexpr Setting FileSettings[] = {
    {"file-max", [](lib::TextSink &sink) { put_number(sink, File::limit()); }},
    {"file-nr", [](lib::TextSink &sink) { lib::format(sink, "{}\t0\t{}\n", File::count(), File::limit()); }},
    {"nr_open", [](lib::TextSink &sink) { put_number(sink, MaxOpenFiles); }},
};
constexpr Setting KernelSettings[] = {
    {"cap_last_cap", [](lib::TextSink &sink) { put_number(sink, 40); }}, // CAP_CHECKPOINT_RESTORE
    {"domainname", [](lib::TextSink &sink) { put_line(sink, system_name::Domain); }},
    {"hostname", [](lib::TextSink &sink) { put_line(sink, system_name::Host); }},
    {"ngroups_max", [](lib::TextSink &sink) { put_number(sink, 65536); }},
    {"osrelease", [](lib::TextSink &sink) { put_line(sink, system_name::Release); }},
    {"ostype", [](lib::TextSink &sink) { put_line(sink, system_name::System); }},
    {"pid_max", [](lib::TextSink &sink) { put_number(sink, PidMax); }},
    {"randomize_va_space", [](lib::TextSink &sink) { put_number(sink, 0); }},
    {"version", [](lib::TextSink &sink) { put_line(sink, system_name::Version); }},
};

struct Group {
    std::string_view name;
    std::span<const Setting> settings;
};
constexpr Group Groups[] = {{"fs", FileSettings}, {"kernel", KernelSettings}};

constexpr uint64_t group_index(uint64_t group)
{
    return FirstIndex + 1 + group * 100;
}

FileStatus status_of(FileType type, uint64_t index, uint32_t permissions)
{
    return {.device = Device,
            .number = inode_number(0, index),
            .type = type,
            .permissions = permissions,
            .block_size = 1024,
            .modified = modified(0)};
}

template <typename T, typename... Arguments> Result<Ref<Inode>> make(Arguments... arguments)
{
    auto *made = mm::create<T>(arguments...);
    if (!made) return Errno::NoMemory;
    return Ref<Inode>::adopt(made);
}

class SettingFile final : public TextFile {
public:
    SettingFile(uint64_t group, uint64_t number) : group_(group), number_(number) {}
    FileStatus status() const override
    {
        return status_of(FileType::Regular, group_index(group_) + 1 + number_, 0444);
    }
    void write_path(lib::TextSink &sink) const override
    {
        lib::format(sink, "/proc/sys/{}/{}", Groups[group_].name, setting().name);
    }
    Result<uint64_t> write_record(uint64_t cursor, lib::TextSink &sink) override
    {
        if (cursor == 0) setting().write(sink);
        return End;
    }

protected:
    void destroy() override { mm::destroy(this); }

private:
    const Setting &setting() const { return Groups[group_].settings[number_]; }

    uint64_t group_, number_;
};

class GroupDirectory final : public Inode {
public:
    explicit GroupDirectory(uint64_t group) : Inode(FileType::Directory), group_(group) {}
    FileStatus status() const override { return status_of(FileType::Directory, group_index(group_), 0555); }
    void write_path(lib::TextSink &sink) const override
    {
        lib::format(sink, "/proc/sys/{}", Groups[group_].name);
    }
    Result<Ref<Inode>> lookup(std::string_view name) override
    {
        std::span<const Setting> settings = Groups[group_].settings;
        for (uint64_t i = 0; i < settings.size(); i++) {
            if (settings[i].name == name) return make<SettingFile>(group_, i);
        }
        return Errno::NoEntry;
    }
    Result<Ref<Inode>> parent() override { return make_settings_directory(); }
    Result<void> list(uint64_t after, DirectoryVisitor &visitor) override
    {
        std::span<const Setting> settings = Groups[group_].settings;
        for (uint64_t i = 0; i < settings.size(); i++) {
            uint64_t cookie = FirstCookie + i, number = inode_number(0, group_index(group_) + 1 + i);
            if (cookie <= after) continue;
            if (!visitor.entry(settings[i].name, number, FileType::Regular, cookie)) break;
        }
        return {};
    }

protected:
    void destroy() override { mm::destroy(this); }

private:
    uint64_t group_;
};

class SettingsDirectory final : public Inode {
public:
    SettingsDirectory() : Inode(FileType::Directory) {}
    FileStatus status() const override { return status_of(FileType::Directory, FirstIndex, 0555); }
    void write_path(lib::TextSink &sink) const override { sink.put("/proc/sys"); }
    Result<Ref<Inode>> lookup(std::string_view name) override
    {
        for (uint64_t i = 0; i < std::size(Groups); i++) {
            if (Groups[i].name == name) return make<GroupDirectory>(i);
        }
        return Errno::NoEntry;
    }
    Result<Ref<Inode>> parent() override { return proc_directory(); }
    Result<void> list(uint64_t after, DirectoryVisitor &visitor) override
    {
        for (uint64_t i = 0; i < std::size(Groups); i++) {
            uint64_t cookie = FirstCookie + i, number = inode_number(0, group_index(i));
            if (cookie <= after) continue;
            if (!visitor.entry(Groups[i].name, number, FileType::Directory, cookie)) break;
        }
        return {};
    }

protected:
    void destroy() override { mm::destroy(this); }
};

} // namespace

Result<Ref<Inode>> make_settings_directory()
{
    return make<SettingsDirectory>();
}

} // namespace kernel::proc
