# md5sum, sha1sum, sha256sum, sha512sum, crc32, cksum; -c; files, pipes, large ones.
printf '' | md5sum; printf abc | md5sum; printf abc | sha1sum; printf abc | sha256sum; printf abc | sha512sum
printf abc | sha3sum
seq 10 > a; seq 20 > b; md5sum a b > sums; md5sum -c sums; echo x >> b; md5sum -c sums; echo $?
sha256sum a | sha256sum -c; md5sum missing; echo $?
dd if=/dev/zero bs=64k count=16 2>/dev/null | md5sum; seq 200000 | sha1sum
printf 'hello' | base64; printf 'aGVsbG8=' | base64 -d; echo; crc32 a
seq 30 | base64 | base64 -d | cmp - /dev/fd/4 4<<END && echo there and back
$(seq 30)
END
