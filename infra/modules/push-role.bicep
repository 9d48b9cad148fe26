// Who pushes may write one container, and nothing else: which one it is decides whether what they push can ship.

param principalId string
param principalType string = 'ServicePrincipal'
param storageName string

@description('The role that blob-role.bicep makes.')
param blobWriterId string

@allowed(['flows', 'proposals'])
param containerName string

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
  resource blobs 'blobServices' existing = {
    name: 'default'
    resource container 'containers' existing = {
      name: containerName
    }
  }
}

resource write 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::container.id, principalId, blobWriterId)
  scope: account::blobs::container
  properties: {
    principalId: principalId
    // Known to Azure for long, it needs no type; a new identity does.
    principalType: empty(principalType) ? null : principalType
    roleDefinitionId: blobWriterId
  }
}
