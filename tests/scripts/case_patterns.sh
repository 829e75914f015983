# case: patterns, alternatives, classes, quoting, fall to the default.
kind() {
    case $1 in
    '') echo empty ;;
    [0-9]) echo digit ;;
    [0-9]*[!0-9]*) echo starts with a digit ;;
    [0-9]*) echo number ;;
    *.tar.gz | *.tgz) echo archive ;;
    -*) echo option ;;
    '*') echo star ;;
    [[:upper:]]*) echo upper ;;
    ?) echo one character ;;
    a[!b-d]*) echo a and not b to d ;;
    *) echo other ;;
    esac
}
for word in '' 7 12 1a x.tar.gz y.tgz -v '*' Upper z axe abe; do
    printf '%s: ' "$word"; kind "$word"
done
p='a*'
case abc in $p) echo pattern from a variable ;; esac
case abc in "$p") echo wrong ;; *) echo quoted it is literal ;; esac
case x in y) ;; esac; echo "status $?"
case $(echo sub) in (sub) echo substituted ;; esac
case a in a) (exit 4) ;; esac; echo "status $?"
