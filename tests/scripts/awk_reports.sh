# awk: fields, patterns, arrays, functions, printf, getline, pipes and system.
cat > data <<END
alice 30 paris
bob 25 rome
carol 35 paris
dave 20 oslo
END
awk '{ print $2, $1 }' data; awk '$2 > 24 { n++; s += $2 } END { print n, s, s / n }' data
awk '{ c[$3]++ } END { for (k in c) print k, c[k] }' data | sort
awk -F: '{ print $NF, NF }' <<END
a:b:c
x:y
END
awk 'NR == 2, NR == 3' data; awk '/o$/ || /^c/' data; awk 'END { print NR }' data
awk 'BEGIN { printf "%05.2f|%-6s|%x|%c\n", 3.14159, "ab", 255, 65 }'
awk 'function f(n) { return n < 2 ? 1 : n * f(n - 1) } BEGIN { print f(10) }'
awk '{ gsub(/a/, "A"); print length($1), toupper($3), substr($0, 1, 4) }' data
awk 'BEGIN { while (("seq 3" | getline x) > 0) print "got", x; close("seq 3") }'
awk '{ print $1 | "sort -r" }' data; awk 'BEGIN { r = system("exit 3"); print r }'
awk -v v=5 'BEGIN { print v * 2, ENVIRON["HOME"] }'; awk 'BEGIN { split("a-b-c", p, "-"); print p[3], length(p) }'
awk '{ print > ($3 ".out") }' data; cat paris.out; awk 'BEGIN { exit 7 }'; echo $?
awk 'BEGIN { print index("hello", "ll"), match("foobar", /o+/), RSTART, RLENGTH; print 1e3, 2^10, 7 % 3, int(-3.7) }'
awk 'BEGIN { x["a"]; if ("a" in x) print "in"; delete x["a"]; print ("a" in x) }'
awk 'BEGIN { print ' ; echo $?
