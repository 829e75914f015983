# read: words, IFS, -r, -n, -d, -t, end of input, a last line without newline.
printf 'one two three four\n' | { read a b c; echo "[$a] [$b] [$c]"; }
printf '  lead  and trail  \n' | { read x; echo "[$x]"; }
printf '  lead  \n' | { IFS= read -r x; echo "[$x]"; }
printf 'a:b:c:\n' | { IFS=: read x y z; echo "[$x] [$y] [$z]"; }
printf 'back\\slash con\\\ntinued\n' | { read x; echo "[$x]"; }
printf 'back\\slash\\\n' | { read -r x; echo "[$x]"; }
printf 'no newline' | { read x; echo "$? [$x]"; }
: | { read x; echo "$? [$x]"; }
printf 'abcdef' | { read -n 3 x; read y; echo "[$x] [$y]"; }
printf 'a;b;c' | { read -d ';' x; read -d ';' y; echo "[$x] [$y]"; }
printf 'l1\nl2\nl3' | while read l || [ -n "$l" ]; do echo "<$l>"; done
echo a b > f; read x y < f; echo "$y $x"
read -t 1 x < /dev/null; echo $?
seq 5 | while read n; do [ $n = 3 ] && break; echo $n; done
seq 3 > f; while read a <&3; do read b <&4; echo "$a$b"; done 3< f 4< f
printf '1,2;3\n' | { IFS=',;' read a b c; echo "$a $b $c"; }
printf 'x\n' | { read; echo "$REPLY"; }
