// getpid, getppid, gettid, getuid and family, setuid and family, uname, sysinfo, sched_yield: what
// they say and refuse.
// libc: musl
// room: 8
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include "bad_pointers.h"

static int digit(char c)
{
    return c >= '0' && c <= '9';
}

int main(void)
{
    SAY("who");
    IS(sys_getpid() > 0);
    IS(sys_getpid() == sys_getpid());
    IS(sys_gettid() == sys_getpid());
    IS(sys_getppid() >= 0 && sys_getppid() != sys_getpid());
    SHOW(sys_getuid());
    SHOW(sys_geteuid());
    SHOW(sys_getgid());
    SHOW(sys_getegid());
    SHOW(sys_sched_yield());

    SAY("root stays root");
    SHOW(sys_setuid(0));
    SHOW(sys_setgid(0));
    SHOW(sys_setuid(-1));
    SHOW(sys_setgid(-1));
    SHOW(sys_setreuid(0, -1));
    SHOW(sys_setregid(-1, 0));
    SHOW(sys_setresuid(0, 0, -1));
    SHOW(sys_setresgid(-1, -1, -1));
    SHOW(sys_setfsuid(-1));
    SHOW(sys_setfsgid(0));
    SHOW(sys_setgroups(0, 0));
    SHOW(sys_setgroups(-1, 0));
    SHOW(sys_getgroups(0, 0));

    SAY("uname");
    struct utsname name;
    memset(&name, 0x55, sizeof name);
    SHOW(sys_uname(&name));
    SAY("%s on %s", name.sysname, name.machine);
    IS(digit(name.release[0]) && (name.release[1] == '.' || name.release[2] == '.'));
    IS(name.version[0] != 0 && name.nodename[0] != 0);
    WITH_BAD_POINTERS(sys_uname(bad));
    SHOW(sys_uname(last_bytes(389)));
    SHOW(sys_uname(last_bytes(390)));
    SHOW(sys_uname(read_only_page()));

    SAY("sysinfo");
    struct sysinfo info;
    memset(&info, 0x55, sizeof info);
    SHOW(sys_sysinfo(&info));
    IS((unsigned long)info.uptime < 100000);
    IS(info.totalram > 0 && info.freeram > 0 && info.freeram < info.totalram);
    IS(info.mem_unit == 1);
    IS(info.freeswap <= info.totalswap && info.totalhigh == 0 && info.freehigh == 0);
    IS(info.procs >= 1);
    IS(info.totalram >= 10ul * MIB);
    WITH_BAD_POINTERS(sys_sysinfo(bad));
    SHOW(sys_sysinfo(last_bytes(111)));
    SHOW(sys_sysinfo(last_bytes(112)));

    SAY("memory given back is free again");
    map_at(BASE, 8 * MIB, PROT_READ | PROT_WRITE);
    memset(BASE, 1, 8 * MIB);
    sys_sysinfo(&info);
    unsigned long taken = info.freeram;
    sys_munmap(BASE, 8 * MIB);
    sys_sysinfo(&info);
    IS(info.freeram >= taken + 6ul * MIB);
    return 0;
}
