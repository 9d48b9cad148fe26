// What the identity that evaluates and releases may: read what was pushed and never write it, keep the registry, and
// publish.

import { roles } from '../names.bicep'

param principalId string
param storageName string
param topicName string

@description('The role that blob-role.bicep makes.')
param blobWriterId string

var read = ['flows', 'proposals']
var written = ['registry', 'cache', 'traffic']

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
  resource blobs 'blobServices' existing = {
    name: 'default'
    resource container 'containers' existing = [for name in concat(read, written): {
      name: name
    }]
  }
}

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in read: {
    name: guid(account::blobs::container[index].id, principalId, roles.storageBlobDataReader)
    scope: account::blobs::container[index]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
    }
  }
]

resource writes 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in written: {
    name: guid(account::blobs::container[length(read) + index].id, principalId, blobWriterId)
    scope: account::blobs::container[length(read) + index]
    properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: blobWriterId }
  }
]

resource queues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, principalId, roles.storageQueueDataContributor)
  scope: account
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageQueueDataContributor)
  }
}

resource publish 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(topic.id, principalId, roles.eventGridDataSender)
  scope: topic
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventGridDataSender)
  }
}
