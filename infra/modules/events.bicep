// The topics. In: changes of the containers that hold flows, delivered by the topic's own identity (no webhook, no key;
// subscription.bicep). Out: the topic that Flowgate publishes its decisions to.

param token string
param location string
param tags object
param storageId string
param workspaceId string
param isolateNetwork bool

resource systemTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'evgt-storage-${token}'
  location: location
  tags: tags
  // Storage behind a firewall lets in a system-assigned identity of Event Grid as a trusted service, and no other.
  identity: { type: 'SystemAssigned' }
  properties: { source: storageId, topicType: 'Microsoft.Storage.StorageAccounts' }
}

resource topic 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: 'evgt-flowgate-${token}'
  location: location
  tags: tags
  properties: {
    inputSchema: 'EventGridSchema'
    disableLocalAuth: true
    minimumTlsVersionAllowed: '1.2'
    publicNetworkAccess: isolateNetwork ? 'Disabled' : 'Enabled'
  }
}

resource systemTopicDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: systemTopic
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'DeliveryFailures', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource topicDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: topic
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'DeliveryFailures', enabled: true }
      { category: 'PublishFailures', enabled: true }
    ]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output systemTopicId string = systemTopic.id
output systemTopicName string = systemTopic.name
output deliveryPrincipalId string = systemTopic.identity.principalId
output topicId string = topic.id
output topicName string = topic.name
output topicEndpoint string = topic.properties.endpoint
