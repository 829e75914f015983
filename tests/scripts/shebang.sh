# #!: arguments, names, interpreters that are scripts' own, missing ones; scripts without it.
printf '#!/bin/sh\necho "script $0 with $# $*"\n' > a; chmod +x a
./a 1 '2 3'
printf '#!/bin/sh -e\necho one\nfalse\necho unreached\n' > b; chmod +x b; ./b; echo $?
printf '#! /bin/busybox awk -f\nBEGIN { print "awk script", 6 * 7 }\n' > c; chmod +x c; ./c; echo $?
ln -s /bin/busybox echo; printf '#!./echo -x y  z\n' > d; chmod +x d; ./d arg
printf 'echo "no first line: $1"\n' > e; chmod +x e; ./e here
printf '#!./a\n' > f; chmod +x f; ./f x | sed 's/^script //'
printf '#!./f\n' > g; chmod +x g; ./g
printf '#!/missing/interpreter\n' > h; chmod +x h; ./h; echo $?
printf '#!\necho as a script of the shell\n' > i; chmod +x i; ./i; echo $?
printf '#!./j\n' > j; chmod +x j; ./j 2> /dev/null; echo "a loop: $?"
printf '#!/bin/sh' > k; chmod +x k; ./k; echo $?
mkdir sub; cp a sub/tool; (PATH=$PWD/sub; tool found in PATH) | sed "s|$PWD/||"
ln -s /bin/busybox cat; printf '#!./cat\nprints itself\n' > l; chmod +x l; ./l
