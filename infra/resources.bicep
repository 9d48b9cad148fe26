// Everything of one environment, in its resource group.

param location string
@minLength(13)
param token string
param tags object
param splitChat bool
param scale object
param openAiAccount string
param openAiResourceGroup string
param openAiDeployModels bool
param chatModel object
param judgeModel object
param embeddingModel object
param contentSafety bool
param search bool
param isolateNetwork bool
param allowedIpRanges string[]
param githubRepository string
param githubBranch string
param githubOwnerId string
param githubRepositoryId string
param entraTenant string
param entraAudience string
param accessKeys string
param settings object
param storageRedundancy string
param retentionDays int
param monthlyBudget int
param budgetStart string
param alertEmails string[]
param alertThresholds object
param operatorPrincipalId string
param operatorPrincipalType string

var appNames = splitChat ? ['pipeline', 'chat'] : ['pipeline']
var makeOpenAi = empty(openAiAccount)
// Of the two forms a repository uses one: with ids where it was made, renamed or moved since July 2026, or asked for it.
var githubParts = split('${githubRepository}/', '/')
var githubNames = empty(githubOwnerId) || empty(githubRepositoryId)
  ? [githubRepository]
  : [githubRepository, '${githubParts[0]}@${githubOwnerId}/${githubParts[1]}@${githubRepositoryId}']
// Two uses of one model are one deployment.
var deployments = reduce([chatModel, judgeModel, embeddingModel], [], (found, item) =>
  contains(map(found, one => one.model), item.model) ? found : concat(found, [item]))

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: { token: token, location: location, tags: tags, retentionDays: retentionDays }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    token: token
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    redundancy: storageRedundancy
    isolateNetwork: isolateNetwork
    allowedIpRanges: allowedIpRanges
  }
}

module appIdentities 'modules/identity.bicep' = [
  for name in appNames: {
    name: 'identity-${name}'
    params: { name: 'id-${name}-${token}', location: location, tags: tags }
  }
]

module mainIdentity 'modules/identity.bicep' = if (!empty(githubRepository)) {
  name: 'identity-main'
  params: {
    name: 'id-main-${token}'
    location: location
    tags: tags
    githubSubjects: map(githubNames, name => 'repo:${name}:ref:refs/heads/${githubBranch}')
  }
}

module pullRequestIdentity 'modules/identity.bicep' = if (!empty(githubRepository)) {
  name: 'identity-pull-request'
  params: {
    name: 'id-pull-request-${token}'
    location: location
    tags: tags
    githubSubjects: map(githubNames, name => 'repo:${name}:pull_request')
  }
}

module events 'modules/events.bicep' = {
  name: 'events'
  params: {
    token: token
    location: location
    tags: tags
    storageId: storage.outputs.id
    workspaceId: monitoring.outputs.workspaceId
    isolateNetwork: isolateNetwork
  }
}

module deliveryRoles 'modules/delivery-roles.bicep' = {
  name: 'roles-delivery'
  params: { principalId: events.outputs.deliveryPrincipalId, storageName: storage.outputs.name }
}

module subscription 'modules/subscription.bicep' = {
  name: 'subscription'
  dependsOn: [deliveryRoles]
  params: { systemTopicName: events.outputs.systemTopicName, storageId: storage.outputs.id }
}

module models 'modules/models.bicep' = if (makeOpenAi) {
  name: 'models'
  params: {
    token: token
    location: location
    tags: tags
    deployments: deployments
    workspaceId: monitoring.outputs.workspaceId
    isolateNetwork: isolateNetwork
  }
}

module existingModels 'modules/existing-models.bicep' = if (!makeOpenAi && openAiDeployModels) {
  name: 'existing-models'
  scope: resourceGroup(openAiResourceGroup)
  params: { name: openAiAccount, deployments: deployments }
}

module safetyService 'modules/content-safety.bicep' = if (contentSafety) {
  name: 'content-safety'
  params: {
    token: token
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    isolateNetwork: isolateNetwork
  }
}

module searchService 'modules/search.bicep' = if (search) {
  name: 'search'
  params: {
    token: token
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    isolateNetwork: isolateNetwork
  }
}

module appRoles 'modules/app-roles.bicep' = [
  for (name, index) in appNames: {
    name: 'roles-app-${name}'
    params: {
      principalId: appIdentities[index].outputs.principalId
      storageName: storage.outputs.name
      packageContainer: 'packages-${name}'
      insightsName: monitoring.outputs.insightsName
      contentSafetyName: safetyService.?outputs.name ?? ''
      searchName: searchService.?outputs.name ?? ''
    }
  }
]

module modelRoles 'modules/model-role.bicep' = [
  for (name, index) in appNames: {
    name: 'roles-models-${name}'
    scope: resourceGroup(openAiResourceGroup)
    params: {
      accountName: models.?outputs.name ?? openAiAccount
      principalId: appIdentities[index].outputs.principalId
    }
  }
]

module blobRole 'modules/blob-role.bicep' = {
  name: 'role-blob-writer'
  params: { token: token }
}

module pipelineRoles 'modules/pipeline-roles.bicep' = {
  name: 'roles-pipeline'
  params: {
    principalId: appIdentities[0].outputs.principalId
    storageName: storage.outputs.name
    topicName: events.outputs.topicName
    blobWriterId: blobRole.outputs.id
  }
}

module chatRoles 'modules/chat-roles.bicep' = if (splitChat) {
  name: 'roles-chat'
  params: {
    principalId: appIdentities[length(appNames) - 1].outputs.principalId
    storageName: storage.outputs.name
    blobWriterId: blobRole.outputs.id
  }
}

module mainRole 'modules/push-role.bicep' = if (!empty(githubRepository)) {
  name: 'roles-main'
  params: {
    principalId: mainIdentity.?outputs.principalId ?? ''
    storageName: storage.outputs.name
    blobWriterId: blobRole.outputs.id
    containerName: 'flows'
  }
}

module pullRequestRole 'modules/push-role.bicep' = if (!empty(githubRepository)) {
  name: 'roles-pull-request'
  params: {
    principalId: pullRequestIdentity.?outputs.principalId ?? ''
    storageName: storage.outputs.name
    blobWriterId: blobRole.outputs.id
    containerName: 'proposals'
  }
}

module operatorPush 'modules/push-role.bicep' = if (!empty(operatorPrincipalId)) {
  name: 'roles-operator-push'
  params: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    storageName: storage.outputs.name
    blobWriterId: blobRole.outputs.id
    containerName: 'flows'
  }
}

module operatorModels 'modules/model-role.bicep' = if (!empty(operatorPrincipalId)) {
  name: 'roles-operator-models'
  scope: resourceGroup(openAiResourceGroup)
  params: {
    accountName: models.?outputs.name ?? openAiAccount
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
  }
}

module operatorRead 'modules/operator-role.bicep' = if (!empty(operatorPrincipalId)) {
  name: 'roles-operator-read'
  params: { principalId: operatorPrincipalId, principalType: operatorPrincipalType }
}

module network 'modules/network.bicep' = if (isolateNetwork) {
  name: 'network'
  params: { token: token, location: location, tags: tags, apps: appNames }
}

module storageEndpoints 'modules/private-endpoint.bicep' = [
  for kind in ['blob', 'queue', 'table']: if (isolateNetwork) {
    name: 'endpoint-${kind}'
    params: {
      name: 'pe-${kind}-${token}'
      location: location
      tags: tags
      networkId: network.?outputs.id ?? ''
      subnetId: network.?outputs.endpointsSubnetId ?? ''
      serviceId: storage.outputs.id
      groupId: kind
      zone: 'privatelink.${kind}.${environment().suffixes.storage}'
    }
  }
]

module topicEndpoint 'modules/private-endpoint.bicep' = if (isolateNetwork) {
  name: 'endpoint-topic'
  params: {
    name: 'pe-topic-${token}'
    location: location
    tags: tags
    networkId: network.?outputs.id ?? ''
    subnetId: network.?outputs.endpointsSubnetId ?? ''
    serviceId: events.outputs.topicId
    groupId: 'topic'
    zone: 'privatelink.eventgrid.azure.net'
  }
}

module modelsEndpoint 'modules/private-endpoint.bicep' = if (isolateNetwork) {
  name: 'endpoint-models'
  // An account that exists may be of a kind whose name lies in the same zone.
  dependsOn: [safetyEndpoint]
  params: {
    name: 'pe-models-${token}'
    location: location
    tags: tags
    networkId: network.?outputs.id ?? ''
    subnetId: network.?outputs.endpointsSubnetId ?? ''
    serviceId: modelRoles[0].outputs.accountId
    groupId: 'account'
    zone: makeOpenAi ? 'privatelink.openai.azure.com' : 'privatelink.${modelRoles[0].outputs.domain}'
  }
}

module safetyEndpoint 'modules/private-endpoint.bicep' = if (isolateNetwork && contentSafety) {
  name: 'endpoint-content-safety'
  params: {
    name: 'pe-content-safety-${token}'
    location: location
    tags: tags
    networkId: network.?outputs.id ?? ''
    subnetId: network.?outputs.endpointsSubnetId ?? ''
    serviceId: safetyService.?outputs.id ?? ''
    groupId: 'account'
    zone: 'privatelink.cognitiveservices.azure.com'
  }
}

module searchEndpoint 'modules/private-endpoint.bicep' = if (isolateNetwork && search) {
  name: 'endpoint-search'
  params: {
    name: 'pe-search-${token}'
    location: location
    tags: tags
    networkId: network.?outputs.id ?? ''
    subnetId: network.?outputs.endpointsSubnetId ?? ''
    serviceId: searchService.?outputs.id ?? ''
    groupId: 'searchService'
    zone: 'privatelink.search.windows.net'
  }
}

module apps 'modules/app.bicep' = [
  for (name, index) in appNames: {
    name: 'app-${name}'
    // An app that starts before its roles are there fails until they are.
    dependsOn: [appRoles, modelRoles, pipelineRoles, chatRoles, storageEndpoints]
    params: {
      name: 'func-${name}-${token}'
      service: name
      location: location
      tags: tags
      identityId: appIdentities[index].outputs.id
      identityClientId: appIdentities[index].outputs.clientId
      storageName: storage.outputs.name
      packageContainerUrl: '${storage.outputs.blobEndpoint}packages-${name}'
      workspaceId: monitoring.outputs.workspaceId
      telemetryConnectionString: monitoring.outputs.connectionString
      scale: scale
      subnetId: isolateNetwork ? '${network.?outputs.id ?? ''}/subnets/${name}' : ''
      settings: union(
        {
          FLOWGATE_SERVES: splitChat ? name : 'all'
          AZURE_OPENAI_ENDPOINT: modelRoles[0].outputs.endpoint
          FLOWGATE_MODEL: chatModel.model
          FLOWGATE_JUDGE_MODEL: judgeModel.model
          FLOWGATE_EMBEDDING_MODEL: embeddingModel.model
          AZURE_CONTENT_SAFETY_ENDPOINT: safetyService.?outputs.endpoint ?? ''
          FLOWGATE_CONNECTIONS: search
            ? string({ search: { kind: 'azure-ai-search', endpoint: searchService.?outputs.endpoint ?? '' } })
            : ''
          EVENT_GRID_TOPIC_ENDPOINT: events.outputs.topicEndpoint
          FLOWGATE_ENTRA_TENANT: entraTenant
          FLOWGATE_ENTRA_AUDIENCE: entraAudience
          FLOWGATE_KEYS: accessKeys
        },
        settings
      )
    }
  }
]

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: { location: location, tags: tags, insightsId: monitoring.outputs.insightsId }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    systemTopicId: events.outputs.systemTopicId
    emails: alertEmails
    thresholds: alertThresholds
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  params: { amount: monthlyBudget, start: budgetStart, emails: alertEmails }
}

output url string = apps[0].outputs.url
output chatUrl string = apps[length(appNames) - 1].outputs.url
output storageAccount string = storage.outputs.name
output openAiEndpoint string = modelRoles[0].outputs.endpoint
output contentSafetyEndpoint string = safetyService.?outputs.endpoint ?? ''
output topicEndpoint string = events.outputs.topicEndpoint
output telemetry string = monitoring.outputs.connectionString
output mainClientId string = mainIdentity.?outputs.clientId ?? ''
output pullRequestClientId string = pullRequestIdentity.?outputs.clientId ?? ''
