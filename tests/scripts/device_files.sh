# /dev: null, zero, full, random, urandom, fd, stdin, tty; mknod.
echo x > /dev/null; cat /dev/null | wc -c; head -c 5 /dev/zero | od -An -tx1; echo x > /dev/full; echo $?
head -c 10 /dev/full | tr -d '\0' | wc -c; head -c 16 /dev/urandom | wc -c; head -c 16 /dev/random | wc -c
a=$(head -c 16 /dev/urandom | md5sum); b=$(head -c 16 /dev/urandom | md5sum); [ "$a" != "$b" ] && echo random
ls -l /dev/null /dev/zero /dev/full | awk '{ print $1, $5, $6, $NF }'; [ -c /dev/null ] && echo character device
echo through | cat /dev/stdin; echo x > /dev/stdout; echo fd | cat /dev/fd/0; true > /dev/tty; echo $?
mknod n c 1 3; echo x > n; cat n | wc -c; stat -c '%F %t:%T' n; mknod p p; [ -p p ] && echo fifo; mknod b c 99 99; cat b; echo $?
dd if=/dev/zero of=/dev/null bs=1M count=10 2>&1 | head -n 1; cmp -n 100 /dev/zero /dev/full && echo both zeroes
seq 100000 > /dev/null; echo $?; cp /dev/null empty; stat -c %s empty; readlink /dev/fd
