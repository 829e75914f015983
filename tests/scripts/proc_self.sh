# /proc/PID: status, cmdline, environ, fd, cwd, exe, comm, limits of what a script can see of itself.
grep -e ^Name -e ^State -e ^Threads /proc/self/status; awk '/^PPid/ { print $2 == P }' P=$$ /proc/self/status
awk '/^(Uid|Gid|SigIgn)/' /proc/self/status; tr '\0' '\n' < /proc/self/cmdline
V=visible sh -c 'cat /proc/self/environ | tr "\0" "\n" | grep ^V='; mkdir d; cd d; readlink /proc/self/cwd | sed 's/.*proc_self//'
readlink /proc/self/exe | grep -c busybox; readlink /proc/self | grep -c '^[0-9]*$'; readlink /proc/self/root
exec 5> five; readlink /proc/$$/fd/5 | sed 's/.*proc_self//'; ls /proc/$$/fd | grep -c 5; exec 5>&-; cat < /dev/null 5< five; echo through > /proc/self/fd/1
cat /proc/self/comm; ls /proc/self/task | wc -l; awk '{ print NF }' /proc/self/statm; awk '{ print NF }' /proc/self/stat
grep -c 'r-xp\|r-x' /proc/self/maps | awk '{ print ($1 > 0) }'; grep -c '\[stack\]' /proc/self/maps
awk '/^Rss/ { s += $2 } END { print (s > 0) }' /proc/self/smaps; awk '/^VmRSS/ { print ($2 > 0) }' /proc/self/status
(ulimit -n 77; awk '/^Max open files/ { print $4, $5 }' /proc/self/limits); cat /proc/99999/status; echo $?
trap '' USR1; awk '/^SigIgn/' /proc/self/status; ls -l /proc/self/fd/0 | cut -c1; cat /proc/self/oom_score_adj
