// Constructors before main, destructors and atexit after it, thread-local variables, and a status from
// exit().
#include <cstdio>
#include <cstdlib>

struct Speaker {
    const char *name;
    explicit Speaker(const char *n) : name(n) { std::printf("hello from %s\n", name); }
    ~Speaker() { std::printf("goodbye from %s\n", name); }
};

static Speaker first("the first");
static Speaker second("the second");
static thread_local int counter = 41;
static thread_local long zeros[1000];

static Speaker &third()
{
    static Speaker speaker("the third");
    return speaker;
}

int main()
{
    std::atexit([] { std::printf("atexit, registered in main\n"); });
    Speaker local("a local");
    std::printf("main calls %s\n", third().name);
    std::printf("%s again\n", third().name);
    ++counter;
    long sum = 0;
    for (long zero : zeros) sum += zero;
    std::printf("thread-local: %d %ld\n", counter, sum);
    std::exit(3);
}
