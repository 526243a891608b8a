tree -J
