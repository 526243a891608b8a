diff --copy-ok from slave
