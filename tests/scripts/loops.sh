# for, while, until, break N, continue N, loops in pipelines and their redirection.
for i in 1 2 3; do printf '%s ' $i; done; echo
for i in; do echo never; done; echo "status $?"
set -- p q; for a; do printf '%s ' $a; done; echo
i=0; while [ $i -lt 5 ]; do i=$((i + 1)); [ $i -eq 2 ] && continue; [ $i -eq 4 ] && break; printf '%s ' $i; done; echo
until [ $i -le 0 ]; do printf '%s ' $i; i=$((i - 1)); done; echo
for x in a b c; do for y in 1 2 3; do [ $y = 2 ] && continue 2; [ $x = c ] && break 2; printf '%s%s ' $x $y; done; done; echo
while false; do :; done; echo "status $?"
for i in 1 2 3; do echo line $i; done > file; cat file
n=0; while read line; do n=$((n + 1)); done < file; echo "$n lines"
n=0; cat file | while read line; do n=$((n + 1)); done; echo "still $n"
for i in $(seq 1000); do s=$((s + i)); done; echo $s
for f in a b; do
    if [ $f = a ]; then continue; fi
    echo $f
done | tr a-z A-Z
while :; do (exit 9); break; done; echo "status $?"
