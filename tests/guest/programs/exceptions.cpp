// C++ exceptions: thrown through many frames, destructors on the way, memory refused as bad_alloc, the
// uncaught one.
// cases: caught uncaught
#include <cstring>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

static int alive = 0;
struct Counted {
    Counted() { ++alive; }
    ~Counted() { --alive; }
};

[[gnu::noinline]] static int descend(int depth)
{
    Counted here;
    if (depth == 0) throw std::runtime_error("from the bottom");
    return descend(depth - 1) + alive;
}

static void nested()
{
    try {
        std::vector<int>(3).at(5) = 1;
    } catch (const std::out_of_range &) {
        std::throw_with_nested(std::logic_error("outer"));
    }
}

int main(int argc, char **argv)
{
    for (int depth : {0, 1, 1000}) {
        try {
            descend(depth);
        } catch (const std::exception &e) {
            std::cout << "caught " << e.what() << ", alive " << alive << '\n';
        }
    }
    try {
        nested();
    } catch (const std::exception &e) {
        std::cout << e.what();
        try {
            std::rethrow_if_nested(e);
        } catch (const std::out_of_range &) {
            std::cout << " because of out_of_range";
        }
        std::cout << '\n';
    }
    try {
        volatile size_t size = size_t{1} << 46;
        void *volatile block = ::operator new(size);
        std::cout << "64 TiB given at " << block << '\n';
    } catch (const std::bad_alloc &) {
        std::cout << "64 TiB: bad_alloc\n";
    }
    try {
        std::stoi("not a number");
    } catch (const std::invalid_argument &) {
        std::cout << "invalid_argument\n";
    }
    try {
        throw 42;
    } catch (int number) {
        std::cout << "an int: " << number << '\n';
    }
    int caught = 0;
    for (int i = 0; i < 5000; ++i) {
        try {
            if (i % 2) throw std::string("odd");
            throw static_cast<long>(i);
        } catch (const std::string &) {
            ++caught;
        } catch (long) {
            caught += 2;
        }
    }
    std::cout << "thousands: " << caught << std::endl;
    if (!std::strcmp(argv[argc - 1], "uncaught")) throw std::runtime_error("nobody listens");
}
