# A small program: words counted, a table made, a report with here-documents and functions.
cat > text <<END
the quick brown fox jumps over the lazy dog
the dog sleeps and the fox runs
END
tr ' ' '\n' < text | sort | uniq -c | sort -k1,1nr -k2 | head -n 4 | awk '{ printf "%-6s %s\n", $2, $1 }'
total=0; while read -r line; do set -- $line; total=$((total + $#)); done < text; echo "$total words"
report() {
    cat <<END
== $1
$(grep -c "$2" text) lines with $2
END
}
report Foxes fox; report Cats cat
csv='name,age
ann,31
bob,29'
echo "$csv" | { read header; while IFS=, read n a; do echo "$n is $a"; done; }
echo "$csv" | awk -F, 'NR > 1 { t += $2 } END { print "mean", t / (NR - 1) }'
sed -n 's/.*\(fox [a-z]*\).*/\1/p' text
rev text | cut -d' ' -f1 | rev
join_by() { local IFS=$1; shift; echo "$*"; }; join_by - a b c
