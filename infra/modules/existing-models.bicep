// The deployments that Flowgate needs, in an Azure OpenAI account that exists: those of the same name are overwritten.

param name string
param deployments array

resource account 'Microsoft.CognitiveServices/accounts@2024-10-01' existing = {
  name: name
}

@batchSize(1)
resource models 'Microsoft.CognitiveServices/accounts/deployments@2024-10-01' = [
  for item in deployments: {
    parent: account
    name: item.model
    sku: { name: item.sku, capacity: item.capacity }
    properties: {
      model: union({ format: 'OpenAI', name: item.model }, empty(item.version) ? {} : { version: item.version })
      versionUpgradeOption: 'NoAutoUpgrade'
    }
  }
]
