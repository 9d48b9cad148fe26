// Azure AI Search for flows that retrieve from an index. Keys are off.

param token string
param location string
param tags object
param workspaceId string
param isolateNetwork bool

resource service 'Microsoft.Search/searchServices@2023-11-01' = {
  name: 'srch-${token}'
  location: location
  tags: tags
  sku: { name: 'basic' }
  properties: {
    replicaCount: 1
    partitionCount: 1
    disableLocalAuth: true
    publicNetworkAccess: isolateNetwork ? 'disabled' : 'enabled'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: service
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'OperationLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output name string = service.name
output id string = service.id
output endpoint string = 'https://${service.name}.search.windows.net'
