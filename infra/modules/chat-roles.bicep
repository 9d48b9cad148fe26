// What the identity of a chat app of its own may: read versions and releases, record traffic, ask for turns to be
// scored. In the registry it writes what clients spent and the key that signs the names of turns, and nothing else: no
// release, no version, no ledger.

import { roles } from '../names.bicep'

param principalId string
param storageName string

@description('The role that blob-role.bicep makes.')
param blobWriterId string

// Paths as shared/registry/paths.ts makes them: `chatSpend` and `turnKey`.
var writes = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'
var path = '@Resource[${writes}:path]'
var onlyItsOwnPaths = '(!(ActionMatches{\'${writes}/write\'}) AND !(ActionMatches{\'${writes}/add/action\'}) AND !(ActionMatches{\'${writes}/delete\'}) AND !(ActionMatches{\'${writes}/move/action\'})) OR (${path} StringLike \'*/spend/chat/*\' OR ${path} StringEquals \'.turn-key.json\')'

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
  resource blobs 'blobServices' existing = {
    name: 'default'
    resource registry 'containers' existing = {
      name: 'registry'
    }
    resource traffic 'containers' existing = {
      name: 'traffic'
    }
  }
  resource queues 'queueServices' existing = {
    name: 'default'
    resource samples 'queues' existing = {
      name: 'turn-samples'
    }
  }
}

resource registry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::registry.id, principalId, blobWriterId)
  scope: account::blobs::registry
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: blobWriterId
    condition: onlyItsOwnPaths
    conditionVersion: '2.0'
  }
}

resource traffic 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::traffic.id, principalId, blobWriterId)
  scope: account::blobs::traffic
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: blobWriterId
  }
}

resource samples 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::queues::samples.id, principalId, roles.storageQueueDataMessageSender)
  scope: account::queues::samples
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageQueueDataMessageSender)
  }
}
