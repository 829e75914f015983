# du, df, ls -s, sync: what files take, and what is given back.
dd if=/dev/zero of=big bs=1k count=100 2>/dev/null; echo x > small; mkdir d; dd if=/dev/zero of=d/f bs=1k count=10 2>/dev/null
du -k big small; du -sk d; du -ak d | sort; stat -c '%s %b %B' small big; ls -s big small
df /tmp > /dev/null; echo $?; df -P /tmp | awk 'NR == 2 { print NF, ($2 == $3 + $4), $6 }'
a=$(df -k /tmp | awk 'NR == 2 { print $3 }'); dd if=/dev/zero of=more bs=1k count=400 2>/dev/null
b=$(df -k /tmp | awk 'NR == 2 { print $3 }'); rm more; c=$(df -k /tmp | awk 'NR == 2 { print $3 }'); echo $((b - a)) $((c - b))
df -P /dev/shm | awk 'NR == 2 { print $6 }'; df missing; echo $?; sync; echo $?
truncate -s 1M sparse; du -k sparse; stat -c %s sparse; echo x >> sparse; du -k sparse
df -k /tmp | awk 'NR == 2 { print ($2 > 0) }'; stat -f -c '%T %s' /tmp; df -i /tmp | awk 'NR == 2 { print ($2 > 100) }'
