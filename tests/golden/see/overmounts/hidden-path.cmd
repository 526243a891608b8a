tree --list /srv/x/y
