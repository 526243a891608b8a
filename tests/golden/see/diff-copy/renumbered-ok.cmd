diff --copy-ok from renumbered
