// The way in and the way out. In: changes of the containers that hold flows become messages of queue `flow-changes`,
// delivered by identity (no webhook, no key). Out: the topic that Flowgate publishes its decisions to.

import { watchedContainers } from '../names.bicep'

param token string
param location string
param tags object
param storageId string
param deliveryIdentityId string
param workspaceId string
param isolateNetwork bool

var identity = { type: 'UserAssigned', userAssignedIdentity: deliveryIdentityId }

resource systemTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'evgt-storage-${token}'
  location: location
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${deliveryIdentityId}': {} } }
  properties: { source: storageId, topicType: 'Microsoft.Storage.StorageAccounts' }
}

resource flowChanges 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: systemTopic
  name: 'flow-changes'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    deliveryWithResourceIdentity: {
      identity: identity
      destination: {
        endpointType: 'StorageQueue'
        properties: { resourceId: storageId, queueName: 'flow-changes', queueMessageTimeToLiveInSeconds: 604800 }
      }
    }
    deadLetterWithResourceIdentity: {
      identity: identity
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: { resourceId: storageId, blobContainerName: 'dead-letters' }
      }
    }
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated', 'Microsoft.Storage.BlobDeleted']
      enableAdvancedFilteringOnArrays: false
      advancedFilters: [
        {
          operatorType: 'StringBeginsWith'
          key: 'subject'
          values: map(watchedContainers, container => '/blobServices/default/containers/${container}/')
        }
      ]
    }
    retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
  }
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
output topicId string = topic.id
output topicName string = topic.name
output topicEndpoint string = topic.properties.endpoint
