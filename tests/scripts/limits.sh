# ulimit: shown, lowered, inherited; files too large, too many descriptors, too much memory and stack.
ulimit -n; ulimit -Sn 50; ulimit -n; sh -c 'ulimit -n'; (ulimit -n 20; ulimit -Hn); (ulimit -Hn 30; ulimit -Sn 40; echo $?)
(ulimit -n 6; exec 3> a 4> b 5> c; exec 6> d; echo unreached); echo $?
(ulimit -f 2; dd if=/dev/zero of=big bs=1k count=10 2>/dev/null; echo $?); stat -c %s big
(ulimit -f 2; trap '' XFSZ; dd if=/dev/zero of=big bs=512 count=10 2>&1 | head -n 1); stat -c %s big
(ulimit -f 0; echo x > tiny; echo unreached); echo $?
(ulimit -v 20000; awk 'BEGIN { s = "x"; while (1) s = s s }' 2>/dev/null; echo $?) | sed 's/^[1-9][0-9]*$/failed/'
(ulimit -t 1; while :; do :; done); echo $?
(ulimit -c 0; ulimit -c); ulimit -s; ulimit -f; ulimit -t; (ulimit -s 256; ulimit -s; f() { f; }; sh -c 'f() { f; }; f'; echo $?)
ulimit -a | grep -c .; ulimit -n unlimited; ulimit -x; echo $?
