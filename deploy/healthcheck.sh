#!/bin/sh
# Healthy: this container listens on the broker's port (embedded broker) or is connected to it (external broker).
# A store that is away does not count: the journal takes its place until it is back.
# usage: healthcheck.sh [PORT]
port=$(printf '%04X' "${1:-1883}")
# proc(5): fields 2 and 3 are the local and the remote address; state 0A is LISTEN, 01 ESTABLISHED.
cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port=":$port$" '
  ($4 == "0A" && $2 ~ port) || ($4 == "01" && $3 ~ port) { found = 1 }
  END { exit !found }'
