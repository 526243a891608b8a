diff --copy-ok slave from
