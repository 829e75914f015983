# Much through pipes: more than a pipe holds, from several writers, in order.
seq 100000 | wc -l
seq 100000 | md5sum
seq 50000 | sort -rn | head -n 3
seq 50000 | tail -n 2
dd if=/dev/zero bs=1k count=2000 2>/dev/null | wc -c
dd if=/dev/zero bs=1M count=3 2>/dev/null | cat | tr '\0' x | wc -c
seq 20000 | tee copy | md5sum; md5sum < copy
{ seq 1000; seq 1000; } | sort -n | uniq -d | wc -l
for i in 1 2 3 4 5 6 7 8; do seq 500 & done | wc -l
wait
yes | head -n 100000 | wc -c
