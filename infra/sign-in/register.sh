#!/bin/sh
# Registers the application that callers of Flowgate get tokens for, once for each environment of azd, and makes who runs
# it an operator. azd runs it before it provisions; where it may not be run, docs/deploy.md has the steps for an
# administrator. Needs `az login` as somebody who may register applications.
set -eu

here=$(dirname "$0")
graph=https://graph.microsoft.com/v1.0
# The command line's own application, which may ask for tokens without a consent of each person.
azure_cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46

if [ -n "${FLOWGATE_ENTRA_AUDIENCE:-}" ] || [ -n "${FLOWGATE_KEYS:-}" ]; then
  exit 0
fi
if ! command -v az >/dev/null 2>&1 || ! az account show >/dev/null 2>&1; then
  echo "Nobody can call the app yet: sign in by 'az login' and run 'azd provision' again, or set FLOWGATE_KEYS (docs/access.md)." >&2
  exit 0
fi

app=$(az ad app create --display-name "Flowgate $AZURE_ENV_NAME" --sign-in-audience AzureADMyOrg \
  --app-roles "@$here/app-roles.json" --query appId --output tsv)
object=$(az ad app show --id "$app" --query id --output tsv)
scope=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen | tr 'A-Z' 'a-z')
az rest --method PATCH --url "$graph/applications/$object" --body "{
  \"identifierUris\": [\"api://$app\"],
  \"api\": {
    \"requestedAccessTokenVersion\": 2,
    \"oauth2PermissionScopes\": [{
      \"id\": \"$scope\", \"value\": \"access\", \"type\": \"User\", \"isEnabled\": true,
      \"adminConsentDisplayName\": \"Call Flowgate\", \"adminConsentDescription\": \"Call Flowgate as the person signed in.\"
    }]
  }
}"
az rest --method PATCH --url "$graph/applications/$object" --body "{
  \"api\": { \"preAuthorizedApplications\": [{ \"appId\": \"$azure_cli\", \"delegatedPermissionIds\": [\"$scope\"] }] }
}"
az ad sp create --id "$app" --output none

azd env set FLOWGATE_ENTRA_TENANT "$(az account show --query tenantId --output tsv)"
azd env set FLOWGATE_ENTRA_AUDIENCE "$app"
FLOWGATE_ENTRA_AUDIENCE=$app sh "$here/assign.sh" "$(az ad signed-in-user show --query id --output tsv)" Flowgate.Operator
