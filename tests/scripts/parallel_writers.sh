# Several processes append to one file, take turns by mkdir as a lock, count together.
for i in 1 2 3 4 5; do (for j in $(seq 20); do echo "writer $i line $j" >> log; done) & done; wait
wc -l < log; for i in 1 2 3 4 5; do grep -c "writer $i" log; done; awk 'NF != 4' log | wc -l
echo 0 > count
add() { for k in $(seq 10); do while ! mkdir lock 2>/dev/null; do sleep 0; done; read c < count; echo $((c + 1)) > count; rmdir lock; done; }
add & add & add & add & wait; cat count
(echo a; echo b) >> both & (echo c; echo d) >> both & wait; sort both | tr '\n' ' '; echo
exec 3>> shared; for i in 1 2 3; do (echo $i >&3) & done; wait; exec 3>&-; sort shared | tr '\n' ' '; echo
set -C; for i in 1 2 3 4; do (echo $i > once) 2>/dev/null && echo won >> winners & done; wait; wc -l < winners
