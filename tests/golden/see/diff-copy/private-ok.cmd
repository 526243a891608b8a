diff --copy-ok from private
