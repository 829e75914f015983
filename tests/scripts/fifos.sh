# mkfifo: readers and writers wait for each other, many writers, a request and its answer.
mkfifo f; ls -l f | cut -c1; stat -c %F f; [ -p f ] && echo pipe; mkfifo f; echo $?
echo hello > f & cat f; wait
cat f & echo from the other side > f; wait
(for i in 1 2 3; do echo $i; done > f) & while read x; do echo "got $x"; done < f; wait
for i in 1 2 3 4; do echo line > f & done; n=0; exec 3<> f; while [ $n -lt 4 ]; do read l <&3; n=$((n + 1)); done; exec 3>&-; wait; echo $n lines
mkfifo ask answer; (while read q < ask; do [ $q = end ] && break; echo $((q * q)) > answer; done) & for i in 3 4 5; do echo $i > ask; read a < answer; echo $a; done; echo end > ask; wait
seq 20000 > f & wc -l < f; wait; seq 100 | tee f | tail -n 1 & sort -rn f | head -n 1 > top; wait; cat top
mkfifo -m 600 m; stat -c %a m; rm f m; ls f; cat < ask & sleep 0; kill $!; wait $! 2> /dev/null; echo "a reader that waits to open: $?"
exec 4<> ask; echo kept >&4; read k <&4; echo $k; exec 4>&-
