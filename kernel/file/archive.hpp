// The initial archive's files in the tree.
#pragma once

#include <cstddef>
#include <span>

namespace kernel {

class TreeDirectory;

// Adds what the archive (cpio newc) holds below `root`. The bytes must stay. Refuses a malformed archive.
void add_archive(TreeDirectory &root, std::span<const std::byte> bytes);

} // namespace kernel
