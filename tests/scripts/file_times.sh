# touch, stat, date -r, find -newer, ls -t: times are kept, copied and compared.
export TZ=UTC
touch -d '2001-02-03 04:05:06' a; stat -c %Y a; date -r a '+%Y-%m-%d %H:%M:%S'; touch -r a b; stat -c %Y b
touch -d '2002-01-01' c; ls -t a c; ls -tr a c; find . -newer a -type f | sort; cp -p a d; stat -c %Y d; mv d e; stat -c %Y e
touch -c missing; ls missing; ls -l a | awk '{ print $6, $7, $8 }'; ls --full-time a | awk '{ print $6, $7 }'
before=$(stat -c %Y c); echo x >> c; [ $(stat -c %Y c) -gt $before ] && echo a write is seen
mkdir d2; touch -d '2000-01-01' d2; : > d2/f; [ $(stat -c %Y d2) -gt 1000000000 ] && echo a new name is seen in its directory
touch -d '2000-01-01' d2; chmod 700 d2; [ $(stat -c %Y d2) -lt 1000000000 ] && [ $(stat -c %Z d2) -gt 1000000000 ] && echo chmod changes ctime alone
now=$(date +%s); touch n; t=$(stat -c %Y n); [ $((t - now)) -le 2 ] && [ $((t - now)) -ge -1 ] && echo now
date -u -d @0; date -u -d @1700000000 '+%F %T %j %u'; date -u -d '2024-02-29 12:00' +%s; date -d nonsense; echo $?
tar cf t.tar a; rm a; tar xf t.tar; stat -c %Y a; touch -t 200506070809.10 z; stat -c %Y z
[ b -nt c ] || echo older; touch b; [ b -nt a ] && echo newer
