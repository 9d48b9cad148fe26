#!/bin/sh
# Lets the workflows that push wait for the verdict: their identities become readers. azd runs it after it provisioned;
# what it may not do it says, and somebody who may runs it again by `azd env exec`.
set -eu

here=$(dirname "$0")
if [ -z "${FLOWGATE_ENTRA_AUDIENCE:-}" ] || [ -z "${MAIN_CLIENT_ID:-}" ]; then
  exit 0
fi

# A new identity is known everywhere within a minute or two; who may not assign roles never will be.
assign() {
  tries=0
  while :; do
    if principal=$(az ad sp show --id "$1" --query id --output tsv 2>&1) &&
      said=$(sh "$here/assign.sh" "$principal" Flowgate.Reader 2>&1); then
      return 0
    fi
    problem="$principal ${said:-}"
    tries=$((tries + 1))
    case "$problem" in *Authorization_RequestDenied* | *"Insufficient privileges"* | *"az login"* | *"not found"*) return 1 ;; esac
    if [ "$tries" -ge 9 ]; then return 1; fi
    sleep "${FLOWGATE_RETRY_SECONDS:-15}"
  done
}

for client in "$MAIN_CLIENT_ID" "$PULL_REQUEST_CLIENT_ID"; do
  if ! assign "$client"; then
    cat >&2 <<EOF
Everything is deployed, but the workflows in GitHub cannot read verdicts yet: the identity $client is no
Flowgate.Reader. Somebody who may assign roles of applications (Cloud Application Administrator, or an owner of the
application $FLOWGATE_ENTRA_AUDIENCE) runs, signed in by 'az login':
  azd env exec -- sh infra/sign-in/assign-workflows.sh
What was said: $(echo "$problem" | head -n 3)
EOF
    exit 0
  fi
done
