diff -J from to
