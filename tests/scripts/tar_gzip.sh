# tar, gzip, bzip2, xz, cpio: packed, listed, unpacked, compared.
mkdir bin; for a in gzip gunzip bzip2 xz; do ln -s /bin/busybox bin/$a; done; PATH=$PWD/bin:$PATH
mkdir -p src/sub; seq 1000 > src/numbers; echo text > src/sub/file; ln -s file src/sub/link; chmod 750 src/sub; : > src/empty
ln src/numbers src/hard
tar cf a.tar src; tar tf a.tar | sort; mkdir out; tar xf a.tar -C out; diff -r src out/src && echo same
readlink out/src/sub/link; stat -c %a out/src/sub; [ out/src/numbers -ef out/src/hard ] && echo one file
tar czf a.tgz src; tar tzf a.tgz | wc -l; mkdir out2; tar xzf a.tgz -C out2; diff -r src out2/src && echo same
tar cf - src | (mkdir out3; cd out3; tar xf -); diff -r src out3/src && echo same
gzip -k src/numbers; gunzip -c src/numbers.gz | cmp - src/numbers && echo gzip; gzip -t src/numbers.gz; echo $?
seq 3000 | gzip -9 | zcat | md5sum; seq 3000 | md5sum
seq 500 | bzip2 | bunzip2 | cmp - /dev/fd/3 3<<END
$(seq 500)
END
echo "bzip2 $?"
find src | sort | cpio -o -H newc 2>/dev/null > a.cpio; mkdir out4; (cd out4; cpio -id < ../a.cpio 2>/dev/null); diff -r src out4/src && echo cpio
echo junk > junk.gz; gunzip junk.gz; echo $?
tar xf missing.tar; echo $?
tar tvf a.tar src/sub/file | awk '{ print $1, $3, $NF }'
