#!/bin/sh
# Registers Microsoft.App, which an isolated network hands its subnets to. Azure registers by itself what a template
# makes, and this is none of it; unregistered, the app fails to join its network for no reason that it names.
# azd runs it before it provisions.
set -eu

if [ "${FLOWGATE_ISOLATE_NETWORK:-false}" != true ]; then
  exit 0
fi
if ! command -v az >/dev/null 2>&1 || ! said=$(az provider register --namespace Microsoft.App --wait \
  --subscription "$AZURE_SUBSCRIPTION_ID" 2>&1); then
  cat >&2 <<MESSAGE
Microsoft.App could not be registered in the subscription, without which the network does not take the app in.
Where it is not registered yet, somebody who may runs, signed in by 'az login':
  az provider register --namespace Microsoft.App --subscription $AZURE_SUBSCRIPTION_ID
${said:+What was said: $said}
MESSAGE
fi
