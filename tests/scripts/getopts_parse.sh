# getopts: options with and without arguments, joined, errors loud and silent, what is left.
parse() {
    OPTIND=1 v= o=
    while getopts "vo:x" c; do
        case $c in v) v=${v}v ;; o) o=$OPTARG ;; x) echo x ;; \?) echo "bad" ;; esac
    done
    shift $((OPTIND - 1)); echo "v=$v o=$o rest=$*"
}
parse -v -o out a b
parse -vvx -oout
parse -vo joined -- -v
parse plain -v
parse -q
parse -o
silent() { OPTIND=1; while getopts ":ab:" c "$@"; do echo "$c [${OPTARG-unset}]"; done; }
silent -a -b 1 -z -b
set -- -n 5 file; while getopts n: c; do echo "$c=$OPTARG"; done; shift $((OPTIND - 1)); echo "$1"
getopt -o ab: -l alpha,beta: -- -a --beta=x y -b z
