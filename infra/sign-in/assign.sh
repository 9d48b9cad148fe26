#!/bin/sh
# assign.sh <object id of a person, a group or an identity> <Flowgate.Reader | Flowgate.Operator | Flowgate.Chat>
# Gives somebody a role of Flowgate's application. Given again it is harmless.
set -eu

graph=https://graph.microsoft.com/v1.0
service=$(az ad sp show --id "$FLOWGATE_ENTRA_AUDIENCE" --query id --output tsv)
role=$(az ad sp show --id "$FLOWGATE_ENTRA_AUDIENCE" --query "appRoles[?value=='$2'].id" --output tsv)
if [ -z "$role" ]; then
  echo "There is no role $2: it is Flowgate.Reader, Flowgate.Operator or Flowgate.Chat." >&2
  exit 1
fi
given=$(az rest --method GET --url "$graph/servicePrincipals/$service/appRoleAssignedTo" \
  --query "value[?principalId=='$1' && appRoleId=='$role'].id" --output tsv)
if [ -z "$given" ]; then
  az rest --method POST --url "$graph/servicePrincipals/$service/appRoleAssignedTo" \
    --body "{ \"principalId\": \"$1\", \"resourceId\": \"$service\", \"appRoleId\": \"$role\" }" --output none
fi
