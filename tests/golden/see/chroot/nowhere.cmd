tree /etc
