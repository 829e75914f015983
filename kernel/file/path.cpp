// Walking a path, one name after the other. See path.hpp.
#include "kernel/file/path.hpp"

#include <algorithm>

namespace kernel {

namespace {

std::string_view without_leading_slashes(std::string_view text)
{
    return text.substr(std::min(text.find_first_not_of('/'), text.size()));
}

// The way still to go. A symbolic link puts its own text in front: what is left of the path waits on a small
// stack.
class Route {
public:
    explicit Route(std::string_view path) : rest_(without_leading_slashes(path)) {}

    // Takes the next name; false when there is none.
    bool next(std::string_view &name)
    {
        while (rest_.empty()) {
            if (waiting_ == 0) return false;
            rest_ = stack_[--waiting_];
        }
        size_t length = std::min(rest_.find('/'), rest_.size());
        name = rest_.substr(0, length);
        rest_.remove_prefix(length);
        slash_follows_ = !rest_.empty();
        rest_ = without_leading_slashes(rest_);
        return true;
    }
    // About the name just taken.
    bool is_last() const { return rest_.empty() && waiting_ == 0; }
    bool slash_follows() const { return slash_follows_; }

    // The name just taken is a link to `text`, not empty. TooManyLinks.
    Result<void> follow(std::string_view text)
    {
        TRY_VOID(count_link());
        if (!rest_.empty()) stack_[waiting_++] = rest_;
        rest_ = without_leading_slashes(text);
        return {};
    }
    Result<void> count_link()
    {
        if (links_++ == MaxLinks) return Errno::TooManyLinks;
        return {};
    }

private:
    std::string_view rest_;
    std::string_view stack_[MaxLinks];
    unsigned waiting_ = 0;
    unsigned links_ = 0;
    bool slash_follows_ = false;
};

Result<Ref<Inode>> step(const Ref<Inode> &directory, std::string_view name)
{
    if (!directory->is_directory()) return Errno::NotDirectory;
    if (name == ".") return directory;
    if (name == "..") return directory->parent();
    if (name.size() > MaxName) return Errno::NameTooLong;
    return directory->lookup(name);
}

// `link` was found in `current`: the way goes on from where it leads.
Result<void> follow(Route &route, Ref<Inode> &current, const Ref<Inode> &link)
{
    TRY_LET(target, link->link_target());
    if (target) {
        TRY_VOID(route.count_link());
        current = std::move(target);
        return {};
    }
    std::string_view text = link->link_text();
    if (text.empty()) return Errno::NoEntry;
    TRY_VOID(route.follow(text));
    link->note_access();
    if (text.front() == '/') current = Ref<Inode>(root_directory());
    return {};
}

PathParent::Last kind_of(std::string_view name)
{
    if (name == ".") return PathParent::Last::Dot;
    return name == ".." ? PathParent::Last::DotDot : PathParent::Last::Name;
}

} // namespace

Result<PathEnd> lookup_end(std::string_view path, Inode &cwd, LastLink last)
{
    if (path.empty()) return Errno::NoEntry;
    Route route(path);
    Ref<Inode> current(path.front() == '/' ? root_directory() : cwd);
    bool trailing_slash = false;
    for (std::string_view name; route.next(name);) {
        if (route.is_last() && route.slash_follows()) trailing_slash = true;
        auto found = step(current, name);
        if (!found.ok()) {
            if (found.error() != Errno::NoEntry || !route.is_last()) return found.error();
            return PathEnd{
                .inode = {}, .directory = std::move(current), .name = name, .trailing_slash = trailing_slash};
        }
        Ref<Inode> &inode = *found;
        bool keep = last == LastLink::Keep && route.is_last() && !trailing_slash;
        if (!inode->is_symbolic_link() || keep) {
            current = std::move(inode);
            continue;
        }
        TRY_VOID(follow(route, current, inode));
    }
    return PathEnd{
        .inode = std::move(current), .directory = {}, .name = {}, .trailing_slash = trailing_slash};
}

Result<PathParent> lookup_parent(std::string_view path, Inode &cwd)
{
    if (path.empty()) return Errno::NoEntry;
    Route route(path);
    Ref<Inode> current(path.front() == '/' ? root_directory() : cwd);
    for (std::string_view name; route.next(name);) {
        if (route.is_last()) {
            if (!current->is_directory()) return Errno::NotDirectory;
            return PathParent{.directory = std::move(current),
                              .name = name,
                              .last = kind_of(name),
                              .trailing_slash = route.slash_follows()};
        }
        TRY_LET(inode, step(current, name));
        if (inode->is_symbolic_link())
            TRY_VOID(follow(route, current, inode));
        else
            current = std::move(inode);
    }
    return PathParent{
        .directory = std::move(current), .name = {}, .last = PathParent::Last::Root, .trailing_slash = false};
}

Result<Ref<Inode>> lookup(std::string_view path, Inode &cwd, LastLink last)
{
    TRY_LET(end, lookup_end(path, cwd, last));
    if (!end.inode) return Errno::NoEntry;
    if (end.trailing_slash && !end.inode->is_directory()) return Errno::NotDirectory;
    return std::move(end.inode);
}

} // namespace kernel
