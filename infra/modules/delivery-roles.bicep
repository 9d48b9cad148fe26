// What the identity of storage's topic may: put events into their queue, and what it could not deliver into its container.

import { roles } from '../names.bicep'

param principalId string
param storageName string

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
  resource blobs 'blobServices' existing = {
    name: 'default'
    resource deadLetters 'containers' existing = {
      name: 'dead-letters'
    }
  }
  resource queues 'queueServices' existing = {
    name: 'default'
    resource changes 'queues' existing = {
      name: 'flow-changes'
    }
  }
}

resource send 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::queues::changes.id, principalId, roles.storageQueueDataMessageSender)
  scope: account::queues::changes
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageQueueDataMessageSender)
  }
}

resource deadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::deadLetters.id, principalId, roles.storageBlobDataContributor)
  scope: account::blobs::deadLetters
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}
