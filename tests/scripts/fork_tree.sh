# Trees of processes: many at once, recursion by command substitution, parallel sums.
tree() { [ $1 -eq 0 ] && { echo leaf; return; }; (tree $(($1 - 1))) ; (tree $(($1 - 1))); }
tree 6 | wc -l
fib() { [ $1 -lt 2 ] && echo $1 || echo $(($(fib $(($1 - 1))) + $(fib $(($1 - 2))))); }
fib 10
par() { [ $1 -eq 0 ] && { echo x >> leaves; return; }; (par $(($1 - 1))) & (par $(($1 - 1))) & wait; }
par 6; wc -l < leaves
for i in $(seq 100); do (exit $((i % 7))) & done; wait; echo all 100
for i in $(seq 40); do sleep 0 & done; n=0; for j in $(seq 40); do n=$((n + 1)); done; wait; echo $n
sum=0; for i in 1 2 3 4; do (seq $((i * 250 - 249)) $((i * 250)) | awk '{ s += $1 } END { print s }' > part$i) & done; wait; cat part? | awk '{ s += $1 } END { print s }'
i=0; while [ $i -lt 200 ]; do /bin/busybox true || echo failed; i=$((i + 1)); done; echo $i times
