// What every app's identity may, whatever it serves: run (the Functions host's own containers and its package), say what
// it does, and ask the models.

import { roles } from '../names.bicep'

param principalId string
param storageName string

@description('The container that holds the app\'s own package.')
param packageContainer string
param insightsName string

@description('Empty: there is none.')
param contentSafetyName string
param searchName string

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
  resource blobs 'blobServices' existing = {
    name: 'default'
    resource container 'containers' existing = [for name in ['azure-webjobs-hosts', 'azure-webjobs-secrets', packageContainer]: {
      name: name
    }]
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource contentSafety 'Microsoft.CognitiveServices/accounts@2024-10-01' existing = if (!empty(contentSafetyName)) {
  name: contentSafetyName
}

resource search 'Microsoft.Search/searchServices@2023-11-01' existing = if (!empty(searchName)) {
  name: searchName
}

resource hostContainers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in ['azure-webjobs-hosts', 'azure-webjobs-secrets', packageContainer]: {
    name: guid(account::blobs::container[index].id, principalId, roles.storageBlobDataContributor)
    scope: account::blobs::container[index]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
    }
  }
]

// The host notes what went wrong with it in tables, which hold nothing else.
resource hostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, principalId, roles.storageTableDataContributor)
  scope: account
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageTableDataContributor)
  }
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, roles.monitoringMetricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher)
  }
}

resource safety 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(contentSafetyName)) {
  name: guid(contentSafety.id, principalId, roles.cognitiveServicesUser)
  scope: contentSafety
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.cognitiveServicesUser)
  }
}

resource indexes 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(searchName)) {
  name: guid(search.id, principalId, roles.searchIndexDataReader)
  scope: search
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.searchIndexDataReader)
  }
}
