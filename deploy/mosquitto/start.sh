#!/bin/sh
# Gives coldtrail's own accounts their passwords, then becomes the broker. Accounts of devices in the same file stay:
#   docker compose exec mosquitto mosquitto_passwd -b /mosquitto/data/passwords ORG/DEVICE PASSWORD
#   docker compose kill -s HUP mosquitto
set -eu
umask 077
passwords=/mosquitto/data/passwords

[ -e "$passwords" ] || : >"$passwords"
mosquitto_passwd -b "$passwords" coldtrail "$COLDTRAIL_MQTT_PASSWORD"
if [ -n "${COLDTRAIL_SIMULATOR_PASSWORD:-}" ]; then
  mosquitto_passwd -b "$passwords" simulator "$COLDTRAIL_SIMULATOR_PASSWORD"
elif grep -q '^simulator:' "$passwords"; then
  mosquitto_passwd -D "$passwords" simulator
fi
# As root, mosquitto gives up its rights before it reads the file.
[ "$(id -u)" -ne 0 ] || chown mosquitto:mosquitto "$passwords"

exec mosquitto -c /mosquitto/config/mosquitto.conf
