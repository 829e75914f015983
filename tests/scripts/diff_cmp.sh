# cmp and diff: equal, different, missing, directories, unified.
seq 5 > a; seq 5 > b; printf '1\n2\nthree\n4\n5\n6\n' > c
cmp a b; echo $?; cmp a c; echo $?; cmp -s a c; echo $?; cmp -l a c 2>&1 | head -n 2
seq 4 > s; cmp s a; echo $?
diff a b; echo $?; diff -u a c | tail -n +3; diff -q a c; echo $?
diff a missing; echo $?
mkdir d e; cp a d/x; cp c e/x; cp a d/only; diff -rq d e; echo $?
diff -b a - <<END
1 
2
3
4
5
END
echo $?
diff -u a c > p; patch a < p; cmp a c && echo patched
