# Here-documents: expanded, quoted, with tabs stripped, several, large, in functions and loops.
v=value
cat <<END
expanded $v $((6 * 7)) $(echo sub) \$v \\ "q"
END
cat <<'END'
literal $v $(echo) \$v
END
cat <<-END
	tabs stripped
		both
	END
cat <<A; cat <<B
first
A
second
B
f() { cat <<END
argument $1
END
}
f x; f y
while read a b; do echo "$b $a"; done <<END
1 2
3 4
END
cat <<END | tr a-z A-Z
through a pipe
END
big=$(seq 30000)
wc -c <<END
$big
END
md5sum <<END
$big
END
cat 3<<END <&3
descriptor three
END
cat <<"" 
ends at an empty line

echo done
