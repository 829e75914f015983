# printf: conversions, widths, repeated formats, %b, and what is no number.
printf '%d %i %u %x %X %o %c %s\n' 42 -42 42 255 255 8 hello world
printf '[%5d] [%-5d] [%05d] [%+d]\n' 7 7 7 7
printf '[%8s] [%-8s] [%.2s]\n' abc abc abc
printf '%s-%s\n' 1 2 3 4 5
printf '%b\n' 'a\tb\x41\0101'
printf '%%|%5.1f|%e|%g\n' 3.14159 1234.5 0.0001
printf '%d %d\n' 0x10 010
printf '%d\n' "'A"
printf '%s\n'
printf 'no newline'; echo
printf '%d\n' 12abc; echo "status $?"
printf '%*d|%-*d|\n' 6 42 6 42
printf; echo "status $?"
