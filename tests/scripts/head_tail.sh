# head, tail, tee, split of streams and files by lines and bytes.
seq 100 > f
head -n 2 f; tail -n 2 f; head -c 5 f; tail -c 4 f; tail -n +99 f; head -n -98 f; head -3 f | tail -1
seq 5 | head -n 2; seq 5 | tail -n 2; head -n 1 f f; tail -q -n 1 f f; head missing; echo $?
seq 3 | tee a b; cmp a b && echo equal; echo 4 | tee -a a > /dev/null; cat a
seq 10 | (head -n 3 > /dev/null; echo after head)
echo one > log; : > seen; tail -f log > seen & p=$!
while ! grep -q one seen; do sleep 0; done; echo two >> log; while ! grep -q two seen; do sleep 0; done
kill $p; wait $p 2> /dev/null; echo $?; cat seen
seq 3 | tee /dev/full; echo $?
