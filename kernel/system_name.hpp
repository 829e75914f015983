// What uname(2) and /proc/version say. Programs compare the release with what they need: glibc refuses to run
// on a kernel older than it was built for, so it is that of the Linux whose system calls these are.
#pragma once

#include <string_view>

namespace kernel::system_name {

inline constexpr std::string_view System = "Linux";
inline constexpr std::string_view Host = "vitrine";
inline constexpr std::string_view Release = "6.1.0-vitrine";
inline constexpr std::string_view Version = "#1 Vitrine";
inline constexpr std::string_view Machine = "x86_64";
inline constexpr std::string_view Domain = "(none)";

} // namespace kernel::system_name
