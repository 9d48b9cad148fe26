#!/bin/sh
# Lets the workflows that push wait for the verdict: their identities become readers. azd runs it after it provisioned.
set -eu

here=$(dirname "$0")
if [ -z "${FLOWGATE_ENTRA_AUDIENCE:-}" ] || [ -z "${MAIN_CLIENT_ID:-}" ]; then
  exit 0
fi
for client in "$MAIN_CLIENT_ID" "$PULL_REQUEST_CLIENT_ID"; do
  sh "$here/assign.sh" "$(az ad sp show --id "$client" --query id --output tsv)" Flowgate.Reader
done
