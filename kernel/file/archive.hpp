// The initial archive's files in the tree.
#pragma once

#include <cstddef>
#include <span>

namespace kernel {

class TreeDirectory;

// Adds what the archive (cpio newc) holds below `root`. The bytes must stay. Refuses a malformed archive.
void add_archive(TreeDirectory &root, std::span<const std::byte> bytes);

// Gives the cached pages of archive files back to the frame allocator, as far as no program has them mapped.
void drain_archive_pages();

} // namespace kernel
