# free, uptime, top -b: they find what they read, and the figures fit together.
free | awk 'NR == 1 { print $1, $2, $3 } /^Mem/ { print NF, ($2 >= $3 + $4), ($2 > 0) } /^Swap/ { print ($2 == $3 + $4) }'
free -m | awk '/^Mem/ { print ($2 > 10) }'; uptime | grep -c 'load average: [0-9]'; uptime | grep -c ' up '
top -b -n 1 | awk '/^Mem:/ { print "Mem" } /^CPU:/ { print "CPU" } /PID +PPID/ { print "header" }'
top -b -n 1 | awk '$1 == P { n++ } END { print n }' P=$$
ps -o pid,vsz,rss | awk '$1 == P { print ($2 != "0"), ($3 != "0") }' P=$$
a=$(awk '/^MemFree/ { print $2 }' /proc/meminfo); dd if=/dev/zero of=/dev/shm/fill bs=1M count=8 2>/dev/null
b=$(awk '/^MemFree/ { print $2 }' /proc/meminfo); [ $((a - b)) -ge 7000 ] && echo a file in memory takes memory
rm /dev/shm/fill; c=$(awk '/^MemFree/ { print $2 }' /proc/meminfo); [ $((c - b)) -ge 7000 ] && echo and gives it back
