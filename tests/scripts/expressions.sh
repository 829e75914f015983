# expr, bc, dc, factor, seq, test of numbers in scripts.
expr 1 + 2; expr 7 / 2; expr 7 % 2; expr 3 \* 4; expr 5 \> 3; expr 3 \> 5; echo $?; expr abc : 'a\(.*\)'; expr length hello; expr substr hello 2 3; expr index hello l
expr a = a; expr a = b; echo $?; expr 1 / 0; echo $?; expr; echo $?; expr 1 +; echo $?; expr \( 1 + 2 \) \* 3; expr 0; echo $?
echo '2^100' | bc; echo 'scale=5; 10/3' | bc; echo '10 3 / p' | dc; echo '3 4 + p' | dc; printf 'define f(n) {\nif (n < 2) return 1\nreturn n * f(n - 1)\n}\nf(20)\n' | bc
factor 360 97; seq 3; seq 2 4; seq 10 -3 1; seq -s, 5; seq -w 8 11; seq 0.5 0.5 2; seq 5 1
ipcalc -n 10.1.2.3/8; cal 2 2024 | head -n 3
