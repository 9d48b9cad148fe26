// What the identity that evaluates and releases may: read what was pushed and never write it, keep the registry, and
// publish.

import { roles } from '../names.bicep'

param principalId string
param storageName string
param topicName string

var containerRoles = {
  flows: roles.storageBlobDataReader
  proposals: roles.storageBlobDataReader
  registry: roles.storageBlobDataContributor
  cache: roles.storageBlobDataContributor
  traffic: roles.storageBlobDataContributor
}

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
  resource blobs 'blobServices' existing = {
    name: 'default'
    resource container 'containers' existing = [for item in items(containerRoles): {
      name: item.key
    }]
  }
}

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
}

resource containers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (item, index) in items(containerRoles): {
    name: guid(account::blobs::container[index].id, principalId, item.value)
    scope: account::blobs::container[index]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', item.value)
    }
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
