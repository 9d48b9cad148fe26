// The account that holds all of Flowgate: containers and queues by the names the code uses (shared/ports/blob-store.ts,
// shared/ports/queue.ts), the package that is deployed, and events that could not be delivered.

import { containers, queues } from '../names.bicep'

@minLength(13)
param token string
param location string
param tags object
param workspaceId string
param redundancy string
param isolateNetwork bool
param allowedIpRanges string[]

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'st${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      defaultAction: isolateNetwork ? 'Deny' : 'Allow'
      // Event Grid delivers and dead-letters from addresses nobody can name, by its topic's system-assigned identity.
      bypass: 'AzureServices'
      ipRules: [for range in isolateNetwork ? allowedIpRanges : []: { value: range, action: 'Allow' }]
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    // What somebody deletes by mistake can be brought back for a fortnight (docs/operate.md).
    deleteRetentionPolicy: { enabled: true, days: 14 }
    containerDeleteRetentionPolicy: { enabled: true, days: 14 }
  }
}

resource madeContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = [
  for name in containers: {
    parent: blobs
    name: name
    properties: { publicAccess: 'None' }
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: account
  name: 'default'
}

// The platform gives a message up into `<queue>-poison`.
resource madeQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = [
  for name in concat(queues, map(queues, queue => '${queue}-poison')): {
    parent: queueService
    name: name
  }
]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  // The service allows one change of blob settings at a time.
  dependsOn: [madeContainers]
  properties: {
    policy: {
      rules: [
        // A recorded call that nobody asked for again in half a year is paid for again.
        rule('cache', 'cache/', { delete: { daysAfterModificationGreaterThan: 180 } }, ['blockBlob', 'appendBlob'])
        // Flowgate itself deletes sampled turns by what a flow says (docs/monitoring.md); this is the backstop.
        rule('traffic', 'traffic/', { delete: { daysAfterModificationGreaterThan: 400 } }, ['blockBlob', 'appendBlob'])
        rule('dead-letters', 'dead-letters/', { delete: { daysAfterModificationGreaterThan: 90 } }, ['blockBlob'])
        // A pull request that was left alone.
        rule('proposals', 'proposals/', { delete: { daysAfterModificationGreaterThan: 180 } }, ['blockBlob'])
        // Versions, reports and the ledger stay for good; what is not looked at any more costs half.
        rule('registry', 'registry/', { tierToCool: { daysAfterModificationGreaterThan: 180 } }, ['blockBlob'])
      ]
    }
  }
}

func rule(name string, prefix string, action object, blobTypes string[]) object => {
  name: name
  enabled: true
  type: 'Lifecycle'
  definition: {
    filters: { blobTypes: blobTypes, prefixMatch: [prefix] }
    actions: { baseBlob: action }
  }
}

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: blobs
  properties: {
    workspaceId: workspaceId
    // Who changed what in which container; reads would be most of the bill.
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource queueDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: queueService
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: tableService
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
