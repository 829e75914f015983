# dd: blocks, skip, seek, conv, counts it tells, sparse holes.
seq 1000 > in
dd if=in of=out bs=100 2>&1 | head -n 2; cmp in out && echo same
dd if=in bs=10 skip=2 count=1 2>/dev/null; echo
dd if=in of=part bs=1 count=7 2>/dev/null; cat part; echo
printf XXXX | dd of=part bs=1 seek=2 conv=notrunc 2>/dev/null; cat part; echo
dd if=/dev/zero of=hole bs=1k seek=100 count=1 2>/dev/null; stat -c %s hole; tail -c 1024 hole | tr -d '\0' | wc -c
du -k hole; head -c 102400 hole | tr -d '\0' | wc -c
dd if=in of=out bs=1000 count=0 2>/dev/null; stat -c %s out
dd if=missing 2>&1; echo $?
dd if=/dev/zero of=/dev/full bs=1 count=1 2>&1 | head -n 1
echo lower | dd conv=ucase 2>/dev/null; echo lower | dd ibs=2 obs=4 2>&1 | tail -n +2 | head -n 2
printf abcdef | dd bs=2 conv=swab 2>/dev/null; echo
dd if=/dev/zero bs=1M count=4 2>/dev/null | dd of=big bs=64k iflag=fullblock 2>/dev/null; stat -c %s big
truncate -s 10 in; cat in | wc -c; truncate -s 100 in; wc -c < in; tail -c 5 in | od -c | head -n 1
