diff from to
