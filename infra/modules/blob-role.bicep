// A role that writes blobs and nothing about their container: Azure's own Storage Blob Data Contributor also lets its
// holder delete a container with all that is in it, which no condition on blobs prevents.

@minLength(13)
param token string

var blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'

resource blobWriter 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'blob-writer')
  properties: {
    // Names of roles are the tenant's, one each.
    roleName: 'Flowgate blob writer ${token}'
    description: 'Reads, writes and deletes blobs, and may change no container.'
    type: 'CustomRole'
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          '${blobs}/read'
          '${blobs}/write'
          '${blobs}/add/action'
          '${blobs}/move/action'
          '${blobs}/delete'
        ]
        notDataActions: []
      }
    ]
    assignableScopes: [resourceGroup().id]
  }
}

output id string = blobWriter.id
