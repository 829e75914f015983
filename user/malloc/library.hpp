// Which C library this is: glibc says it; of musl, which does not, the build says it (C_LIBRARY).
#pragma once

#ifdef C_LIBRARY

inline const char *c_library()
{
    return C_LIBRARY;
}

#else

#include <cstdio>
#include <gnu/libc-version.h>

inline const char *c_library()
{
    static char name[32];
    std::snprintf(name, sizeof name, "glibc %s", gnu_get_libc_version());
    return name;
}

#endif
