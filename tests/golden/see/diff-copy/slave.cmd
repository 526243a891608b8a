diff slave
