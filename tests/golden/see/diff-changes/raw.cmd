diff --copy-ok -r -n -o +id-before,id-after from to
