# What every program of a lab host stands on: they read this file with `.`; it is never run.
#
# A lab host is an environment. Always there:
#   LAB_HOST     its name, mwmaint1002.eqiad.wmnet
#   LAB_DC       its datacenter
#   LAB_STATE    its own folder; also what tells its processes from those of all other hosts, which share this machine
#   LAB_SHARED   a folder that all hosts of the lab share
#   LAB_ETCD     the state store: URLs of its members, with commas between them
# Each program says at its head what else it looks at. Errors go to stderr; stdout is the answer.

set -u
: "${LAB_HOST:?}" "${LAB_DC:?}" "${LAB_STATE:?}" "${LAB_SHARED:?}"

program=${0##*/}
programs=${0%/*}
programs=${programs%/units}
facts=$LAB_STATE/host
[ -d "$facts" ] || mkdir -p "$facts"
[ -d "$LAB_SHARED" ] || mkdir -p "$LAB_SHARED"

# What the host is there for, by the names that the field gives to hosts; LAB_ROLE where a name does not tell.
case ${LAB_ROLE:-$LAB_HOST} in
  deploy*) role=deployment ;;
  maintenance | mwmaint*) role=maintenance ;;
  jobrunner*) role=jobrunner ;;
  db*) role=database ;;
  dns* | ns[0-9]*) role=dns ;;
  *) role=none ;;
esac

# fail CODE TEXT: ends the program.
fail() {
  printf '%s\n' "$2" >&2
  exit "$1"
}

# only_on ROLE...: a host that is there for something else does not have the program.
only_on() {
  for wanted; do [ "$wanted" = "$role" ] && return; done
  fail 127 "$program: command not found"
}

# keep FILE TEXT: never seen half written.
keep() {
  printf %s "$2" >"$1.$$" && mv "$1.$$" "$1"
}

# first_line FILE: sets `line`, empty where there is no such file. Without a process of its own: probes are fast.
first_line() {
  line=
  # It answers 1 for a line without an end, and has read it all the same.
  [ ! -f "$1" ] || read -r line <"$1" || :
}

# One request to the store, of the first member that answers. Sets `answer` and `member`; 1 when none answers.
ask_store() { # PATH BODY
  old_ifs=$IFS
  IFS=,
  for member in ${LAB_ETCD-}; do
    IFS=$old_ifs
    answer=$(curl -q -s --noproxy '*' --connect-timeout 0.5 --max-time 1.5 --data "$2" "$member$1") || continue
    case $answer in '{"header"'*) return 0 ;; esac
  done
  IFS=$old_ifs
  return 1
}

# read_object PATH: an object of the state store. Sets `object` (its JSON), `key64` and `revision` (the store's own).
# Ends the program when no member answers: a program that cannot know does not guess.
read_object() {
  look_up "$1" || fail 1 "$program: the state store does not answer (${LAB_ETCD:-LAB_ETCD is not set})"
  [ -n "$object" ] || fail 1 "$program: the state store has no object $1"
}

# The same, but 1 when no member answers, and an empty `object` when there is none.
look_up() {
  key64=$(printf %s "${LAB_STORE_PREFIX:-/conftool/v1}/$1" | base64 -w0)
  ask_store /v3/kv/range "{\"key\":\"$key64\"}" || return 1
  revision=${answer#*\"revision\":\"}
  revision=${revision%%\"*}
  object=
  case $answer in *'"value":"'*)
    object=${answer#*\"value\":\"}
    object=$(printf %s "${object%%\"*}" | base64 -d)
    ;;
  esac
}

# Sets `primary`: the datacenter that is primary according to the state store.
read_primary() {
  read_object mediawiki-config/common/WMFMasterDatacenter
  primary=${object#*\"val\"}
  primary=${primary#*\"}
  primary=${primary%%\"*}
  case $primary in '' | *[!a-z0-9-]*) fail 1 "$program: the state store names no primary datacenter: $object" ;; esac
}

# is_pooled JSON
is_pooled() {
  case $1 in *'"pooled":true'* | *'"pooled": true'*) return 0 ;; esac
  return 1
}

# is_ours PID: it runs, and on this host. A process that has ended has no environment any more.
is_ours() {
  grep -qszxF "LAB_STATE=$LAB_STATE" "/proc/$1/environ"
}

# is_running NAME: by its pid file, which may be left from a process that has ended.
is_running() {
  first_line "$facts/$1.pid"
  pid=$line
  [ -n "$pid" ] && is_ours "$pid"
}

# launch NAME COMMAND...: in a session of its own, so that it outlives the one that starts it.
launch() {
  name=$1
  shift
  # Locks that the caller holds (8, 9) are not handed down, or they would be held as long as it runs.
  setsid "$@" </dev/null >>"$facts/$name.log" 2>&1 8>&- 9>&- &
  keep "$facts/$name.pid" $!
}
