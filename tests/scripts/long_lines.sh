# Long lines, many files, large files: read, written and compared in bulk.
l=$(printf '%050000d' 1); echo "$l" | wc -c; echo "$l" > f; read x < f; [ "$x" = "$l" ] && echo read back; echo ${#x}
echo "$l" | sed 's/0/a/g' | tr -d a | wc -c; echo "$l" | cut -c49999-; awk '{ print length($0) }' f
seq 100000 > big; stat -c %s big; tail -n 1 big; sed -n 77777p big; awk 'NR == 55555' big; grep -n '^99999$' big
sort -n -r big | tail -n 1; split_at() { head -n $1 big > first; tail -n +$(($1 + 1)) big > second; cat first second | cmp - big && echo joined; }; split_at 31415
cp big copy; cat copy >> big; wc -l < big; cmp -n 1000 big copy && echo same start; gzip big; gunzip big.gz; wc -c < big
for i in $(seq 100); do echo $i > many.$i; done; cat many.* | sort -n | md5sum; seq 100 | md5sum; rm many.*; ls
