# find: types, names, sizes, depth, times, actions, pruning.
mkdir -p t/a/b/c t/empty t/.git; echo 1 > t/one.txt; seq 1000 > t/a/big.txt; : > t/a/b/zero; ln -s one.txt t/link
echo x > t/.git/config; touch -d '2020-01-01' t/a/old
find t | sort
find t -type f | sort; find t -type d -name '?' | sort; find t -type l
find t -name '*.txt' -o -name zero | sort
find t -size +1k | sort; find t -empty | sort
find t -maxdepth 1 | sort; find t -mindepth 3 | sort
find t -newer t/a/old -type f | sort
find t -path '*/b/*' | sort
find t -name .git -prune -o -type f -print | sort
find t -type f -exec wc -c {} \; | sort
find t -type f -exec echo {} + | tr ' ' '\n' | sort
find t ! -type d ! -name '*.txt' | sort
find t -name zero -print0 | xargs -0 ls
find t -type f -perm 644 | wc -l
find t -links 2 2>/dev/null | sort | head -n 1 > /dev/null
find missing; echo $?
find t -name old -exec rm {} \; ; find t -name old
find t -depth | tail -n 1
mkdir r; for i in 1 2 3; do echo $i > r/f$i; done; find r -name 'f*' -exec mv {} {}x \;; find r -name 'f*' -exec cp {} {}y \;; ls r
find r -type f -exec cat {} +; find r | head -n 3
