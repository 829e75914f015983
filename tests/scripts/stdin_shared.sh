# Standard input is the script's: read takes a line and leaves the rest to whoever is next.
read first; echo "first: $first"
read a b; echo "words: $b $a"
head -n 1 | sed 's/^/head: /'
IFS= read -r l; echo "then: $l"
cat | tail -n 1
read end; echo "status $? at the end"
