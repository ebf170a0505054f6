# Sets `rounds`: how many rounds of warm-up the caches of datacenter `dc` have had. Read with `.` by the programs that
# warm them and that tell.

caches=$LAB_SHARED/caches
[ -d "$caches" ] || mkdir -p "$caches"
# From here on a round is less than 5 % faster than the one before it.
stable_rounds=6

case $dc in '' | *[!a-z0-9-]*) fail 2 "there is no datacenter $dc" ;; esac
read_primary
if [ "$dc" != "$primary" ] && [ ! -f "$caches/$dc" ]; then
  look_up "mediawiki-config/$dc/ReadOnly" || fail 1 "$program: the state store does not answer"
  [ -n "$object" ] || fail 2 "there is no datacenter $dc"
fi

# They are cold again after six hours; those of the primary are kept warm by its readers.
rounds=0
if [ -n "$(/usr/bin/find "$caches" -name "$dc" -mmin -360)" ]; then
  first_line "$caches/$dc"
  rounds=$line
fi
[ "$dc" != "$primary" ] || [ "$rounds" -ge "$stable_rounds" ] || rounds=$stable_rounds
