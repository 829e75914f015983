# grep: basic and extended patterns, counts, context, files, statuses.
printf 'apple\nbanana\ncherry\napple pie\n' > f; printf 'grape\napple\n' > g
grep apple f; grep -c apple f; grep -v apple f; grep -n an f; grep -i APPLE f | wc -l; grep -x apple f
grep -E 'a(p+|n)' f; grep 'an\{1,\}a' f; grep -F 'a.e' f; echo $?; grep -w apple f; grep -o 'p[a-z]*' f
grep apple f g; grep -l grape f g; grep -L grape f g; grep -h apple f g
grep -A1 banana f; grep -B1 cherry f; grep -C1 banana f | head -n 2
grep -q apple f; echo $?; grep -q zzz f; echo $?; grep x missing; echo $?; grep -s x missing; echo $?
grep -e banana -e cherry f; printf 'cherry\nbanana\n' > pats; grep -f pats f
grep '^b.*a$' f; grep '[[:space:]]' f; grep -m 1 apple f; egrep 'pie|rry' f; fgrep 'apple p' f
mkdir d; cp f d; grep -r banana d; seq 100000 | grep -c 7
grep '' /dev/null; echo $?
