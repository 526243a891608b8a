diff renumbered
