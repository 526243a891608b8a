tree -n /mnt
