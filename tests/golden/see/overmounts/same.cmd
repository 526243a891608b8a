diff from
