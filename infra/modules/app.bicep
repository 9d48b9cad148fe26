// One function app on Flex Consumption: its package comes from a container, by its identity.

param name string

@description('The name of the service in azure.yaml whose package is deployed here.')
param service string
param location string
param tags object
param identityId string
param identityClientId string
param storageName string
param packageContainerUrl string
param workspaceId string
param telemetryConnectionString string
param scale object

@description('Empty: not in a network.')
param subnetId string
param settings object

var hasNetwork = !empty(subnetId)
// Of two apps the pipeline's alone has functions besides HTTP's.
var alwaysReadyHttp = scale.alwaysReadyHttp > 0 ? [{ name: 'http', instanceCount: scale.alwaysReadyHttp }] : []

var everySetting = union(settings, {
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  // Which of its identities the app's own SDKs sign in as.
  AZURE_CLIENT_ID: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: telemetryConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identityClientId}'
  APPLICATION_INSIGHTS_NO_STATSBEAT: '1'
  AzureFunctionsJobHost__extensions__queues__batchSize: string(scale.queueConcurrency)
  AzureFunctionsJobHost__extensions__queues__newBatchThreshold: string(scale.queueConcurrency)
  // A worker that starts anew on the same instance finds the package compiled there by the one that ended before it.
  NODE_COMPILE_CACHE: '/tmp/flowgate-compile-cache'
  FLOWGATE_AUTH: 'required'
})

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': service })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: hasNetwork ? subnetId : null
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: map(items(everySetting), setting => { name: setting.key, value: string(setting.value) })
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'node', version: scale.nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: scale.instanceMemoryMB
        maximumInstanceCount: scale.maximumInstanceCount
        alwaysReady: concat(alwaysReadyHttp, service == 'chat' ? [] : scale.alwaysReadyFunctions)
        triggers: { http: { perInstanceConcurrency: scale.httpConcurrency } }
      }
    }
  }

  // Nobody signs in to deploy with a user name and a password.
  resource noPasswordToDeploy 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource noPasswordForFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = app.id
output url string = 'https://${app.properties.defaultHostName}'
