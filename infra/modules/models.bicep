// Azure OpenAI with the deployments that answer, judge and embed. Keys are off.

param token string
param location string
param tags object
param deployments array
param workspaceId string
param isolateNetwork bool

resource account 'Microsoft.CognitiveServices/accounts@2024-10-01' = {
  name: 'oai-${token}'
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: { name: 'S0' }
  properties: {
    customSubDomainName: 'oai-${token}'
    disableLocalAuth: true
    publicNetworkAccess: isolateNetwork ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isolateNetwork ? 'Deny' : 'Allow' }
  }
}

// The service makes one deployment of an account at a time.
@batchSize(1)
resource models 'Microsoft.CognitiveServices/accounts/deployments@2024-10-01' = [
  for item in deployments: {
    parent: account
    name: item.model
    sku: { name: item.sku, capacity: item.capacity }
    properties: {
      model: union({ format: 'OpenAI', name: item.model }, empty(item.version) ? {} : { version: item.version })
      // A model that changes under the same name would change answers that no version names.
      versionUpgradeOption: 'NoAutoUpgrade'
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    // Not RequestResponse: it is one line a call, and Flowgate's own spans tell more.
    logs: [{ category: 'Audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output name string = account.name
output id string = account.id
