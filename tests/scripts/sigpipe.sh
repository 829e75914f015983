# A pipe whose reader has gone: SIGPIPE ends the writer, or EPIPE tells it.
yes | head -n 2
(yes; echo "yes ended with $?" >&2) | head -n 1
seq 1000000 | head -n 1
set -o pipefail; yes | true; echo $?; seq 1000000 | head -n 1 > /dev/null; echo $?; set +o pipefail
(trap '' PIPE; yes 2> err; echo "ignored: $?" >&2) | head -n 1; sed 's/^/yes said: /' err
mkfifo f; (yes > f; echo "through a fifo: $?") & head -n 1 < f; wait
sh -c 'kill -PIPE $$'; echo $?
(trap 'echo caught >&2; exit 5' PIPE; while :; do echo x; done; ) | head -n 1
