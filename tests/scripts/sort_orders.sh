# sort: text, numbers, keys, stability, uniqueness, months, merging, much data.
printf '10\n9\n2\n33\n1\n' > n; printf 'b 2\na 10\nc 1\na 2\n' > k
sort n; sort -n n; sort -rn n; sort k; sort -k2 -n k; sort -k1,1 -k2,2n k; sort -s -k1,1 k
printf 'B\na\nC\nb\n' | sort -f; printf 'x\nx\ny\n' | sort -u; printf '1:z\n2:a\n' | sort -t: -k2
printf 'Mar\nJan\n' | sort -M
sort -c n; echo $?; sort -n n | sort -c -n; echo $?
sort -o n -n n; cat n
awk 'BEGIN { s = 42; for (i = 0; i < 20000; i++) { s = (s * 1103515245 + 12345) % 2147483648; print s } }' > r
sort -n r | md5sum; sort r | md5sum; sort -rn r | head -n 1
sort missing; echo $?
printf 'a\0b\0' | sort -rz | tr '\0' '\n'
