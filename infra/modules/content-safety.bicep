// Azure AI Content Safety. Keys are off.

param token string
param location string
param tags object
param workspaceId string
param isolateNetwork bool

resource account 'Microsoft.CognitiveServices/accounts@2024-10-01' = {
  name: 'cs-${token}'
  location: location
  tags: tags
  kind: 'ContentSafety'
  sku: { name: 'S0' }
  properties: {
    customSubDomainName: 'cs-${token}'
    disableLocalAuth: true
    publicNetworkAccess: isolateNetwork ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isolateNetwork ? 'Deny' : 'Allow' }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'Audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output name string = account.name
output id string = account.id
output endpoint string = account.properties.endpoint
