// An identity may ask the models of an Azure OpenAI account, and may not change them.

import { roles } from '../names.bicep'

param accountName string
param principalId string
param principalType string = 'ServicePrincipal'

resource account 'Microsoft.CognitiveServices/accounts@2024-10-01' existing = {
  name: accountName
}

resource user 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, principalId, roles.cognitiveServicesOpenAIUser)
  scope: account
  properties: {
    principalId: principalId
    // Known to Azure for long, it needs no type; a new identity does.
    principalType: empty(principalType) ? null : principalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.cognitiveServicesOpenAIUser)
  }
}

// By its undated interface, which knows the parameters of every model; a dated version knows those of its day.
output endpoint string = '${account.properties.endpoint}openai/v1'
output accountId string = account.id

// openai.azure.com, or that of Foundry's accounts: https://<account>.<domain>/
output domain string = join(skip(split(split(account.properties.endpoint, '/')[2], '.'), 1), '.')
