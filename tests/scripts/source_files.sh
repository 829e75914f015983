# . runs a file in this shell; return, arguments, missing files, nesting.
echo 'v=set; f() { echo function from the file; }; echo "running with $1"; return 3; echo unreached' > lib
. ./lib arg; echo "$? $v"; f
echo '. ./lib; echo nested $?' > outer; . ./outer
echo 'exit 6' > ender; (. ./ender; echo unreached); echo $?
(. ./missing; echo unreached); echo $?
(. missing; echo unreached); echo $?
mkdir d; echo 'echo from PATH' > d/file; PATH=$PATH:$PWD/d; . file
echo 'cd /' > mover; . ./mover; pwd
