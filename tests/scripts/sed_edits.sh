# sed: substitution, addresses, hold space, branches, in place.
seq 5 > f; printf 'hello world\nfoo bar\nhello again\n' > g
sed 's/hello/bye/' g; sed -n '/foo/p' g; sed '2d' f; sed '$d' f | tail -n 1; sed -n '2,4p' f
sed 's/\(.*\) \(.*\)/\2 \1/' g; sed -E 's/([a-z]+) ([a-z]+)/<\1> [\2]/' g
sed 's/o/0/g; s/l/L/2' g; sed -e '1i\
before' -e '$a\
after' f; sed '/2/,/4/c\
changed' f
sed '1!G;h;$!d' f; sed -n '$=' g; sed 'y/abc/ABC/' g
sed -i 's/foo/FOO/' g; cat g; sed -i.bak 1d g; wc -l g g.bak
sed ':a;N;$!ba;s/\n/,/g' f
sed -n '/hello/{s//[&]/;p;}' g.bak
echo a/b/c | sed 's|/|-|g'; echo aaa | sed 's/a/b/3'; echo Hello | sed 's/L/x/Ig'
sed 3q f; sed -n 'x;p' f | head -n 2; sed 's/$/ end/;s/^/start /' f | tail -n 1
sed 'w copy' f > /dev/null; cmp f copy && echo same; sed -n '2~2p' f 2>&1; sed -n '$p' f g
sed 's/x/' f; echo $?
