# cut, tr, paste, fold, expand, nl, rev, tac, uniq, comm-like work with files.
printf 'a:b:c\nd:e:f\n' > t
cut -d: -f2 t; cut -d: -f1,3 t; cut -c2-4 t; cut -d: -f2- t; echo abc | cut -b2
echo Hello | tr a-z A-Z; echo a-b-c | tr - ' '; echo aabbcc | tr -s abc; echo h3ll0 | tr -d 0-9; echo abc | tr -c 'b\n' x
printf 'one\ntwo\n' > p; printf '1\n2\n3\n' > q; paste p q; paste -s q; paste -d, p q
echo 'a long line that is folded' | fold -w 10; echo 'words are kept whole here' | fold -s -w 12
printf 'a\tb\n' | expand; printf 'a       b\n' | unexpand -a | od -c | head -n 1
nl t; rev t; tac q
printf 'a\na\nb\na\n' | uniq; printf 'a\na\nb\na\n' | uniq -c; printf 'a\na\nb\n' | uniq -d; printf 'a\na\nb\n' | uniq -u
wc t; wc -l < q; wc -w t p; printf 'no newline' | wc -lwc
printf 'a\r\nb\r\n' | dos2unix | od -c | head -n 1; strings /bin/busybox | grep -c 'multi-call binary'
basename /a/b/c.txt .txt; dirname /a/b/c.txt; echo 'x  y' | xxd | cut -c1-20
