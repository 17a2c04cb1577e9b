#!/bin/sh
# Starts Grafana's image. Grafana takes the password of its administrator only when it creates its database, so that another one is set
# here before later starts; what fails there keeps the former password, and Grafana starts.
#   $GF_PATHS_CONFIG                     of the image: Grafana's configuration
#   $GF_PATHS_DATA                       of the image: the folder of the database
#   $GF_PATHS_HOME                       of the image: Grafana's files
#   $GF_SECURITY_ADMIN_PASSWORD__FILE    the password
#   $GF_SECURITY_SECRET_KEY__FILE        the key of what the database has encrypted
set -eu
if [ -s "$GF_PATHS_DATA/grafana.db" ]; then
  GF_SECURITY_SECRET_KEY=$(cat "$GF_SECURITY_SECRET_KEY__FILE") \
    grafana cli --homepath "$GF_PATHS_HOME" --config "$GF_PATHS_CONFIG" \
    admin reset-admin-password --password-from-stdin \
    <"$GF_SECURITY_ADMIN_PASSWORD__FILE" >/dev/null || echo "the password of Grafana's user 'grafana' stays what it was" >&2
fi
exec "$@"
