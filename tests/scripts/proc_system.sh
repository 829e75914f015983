# /proc: meminfo, uptime, loadavg, stat, mounts, vmstat, cpuinfo, sys/kernel; their forms and relations.
awk '/^(MemTotal|MemFree|MemAvailable|SwapTotal|SwapFree|Cached|AnonPages):/ { print $1, $3, ($2 >= 0) }' /proc/meminfo | sort
awk '/MemTotal/ { t = $2 } /MemFree/ { f = $2 } END { print (t > f), (f > 0) }' /proc/meminfo
awk '{ print NF, ($1 >= 0) }' /proc/uptime; awk '{ print NF, ($4 ~ /^[0-9]+\/[0-9]+$/) }' /proc/loadavg
awk '$1 == "cpu" { print NF }' /proc/stat; awk '/^(processes|btime|ctxt)/ { print $1, ($2 > 0) }' /proc/stat | sort
awk '$2 == "/tmp" || $2 == "/dev/shm" || $2 == "/proc" { print $2, $3 }' /proc/mounts | sort
awk '/^(pgfault|nr_free_pages) / { print $1, ($2 > 0) }' /proc/vmstat | sort; grep -c ^processor /proc/cpuinfo
cat /proc/sys/kernel/pid_max | awk '{ print ($1 > 300) }'; cat /proc/sys/kernel/ostype; uname -s; uname -m; nproc
a=$(cut -d' ' -f1 /proc/uptime); sleep 0.02; b=$(cut -d' ' -f1 /proc/uptime); awk "BEGIN { print ($b > $a) }"
f=$(awk '/^processes/ { print $2 }' /proc/stat); (:); (:); g=$(awk '/^processes/ { print $2 }' /proc/stat); [ $g -gt $f ] && echo processes are counted
awk '{ print $1 ~ /^[0-9.]+$/ }' /proc/loadavg; grep -c tmpfs /proc/filesystems; ls /proc/nothing; echo $?
mount | awk '$3 == "/tmp" { print $5 }'; [ -r /proc/version ] && echo version
