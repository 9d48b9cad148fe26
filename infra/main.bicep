targetScope = 'subscription'

// Flowgate on Azure, as `azd up` deploys it. What each parameter is for stands in docs/deploy.md; main.bicepparam reads
// them from azd's environment. Nothing here holds a secret: every part signs in by a managed identity.

@minLength(1)
@maxLength(32)
@description('Names the environment, and with it the resource group.')
param environmentName string

@minLength(1)
@description('The region. Flex Consumption and the models must be offered there.')
param location string

@description('Chat by an app of its own, which can change no release, no version and no queue but that of samples.')
param splitChat bool = false

@allowed(['22', '24'])
@description('The major version of Node that the apps run on.')
param nodeVersion string = '22'

@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@minValue(1)
@maxValue(1000)
@description('The most instances of each app. Instances times calls at once have to fit the models\' quota.')
param maximumInstanceCount int = 40

@minValue(0)
@description('Instances that are always ready for HTTP: no cold start, and a cost at rest.')
param alwaysReadyHttp int = 0

@description('Instances of single functions of the pipeline that are always ready: [{ name: \'function:shard-queued\', instanceCount: 1 }].')
param alwaysReadyFunctions alwaysReady[] = []

@minValue(1)
@maxValue(1000)
@description('HTTP requests that one instance takes at once. Most of a chat is waiting for the model.')
param httpConcurrency int = 64

@minValue(1)
@maxValue(32)
@description('Messages that each queue\'s function takes at once in an instance; each function scales by itself.')
param queueConcurrency int = 2

@description('An Azure OpenAI account that exists, in any group of this subscription; empty: one is made.')
param openAiAccount string = ''
param openAiResourceGroup string = ''

@description('Makes the deployments in the account that exists, and overwrites those of the same name there. Else they are used as they are.')
param openAiDeployModels bool = false

@description('Answers where a flow names no model.')
param chatModel modelDeployment = {
  model: 'gpt-5.4-mini'
  version: '2026-03-17'
  sku: 'GlobalStandard'
  capacity: 200
}

@description('Judges. A model of another family than the one judged is the fairer judge; two uses of one model are one deployment.')
param judgeModel modelDeployment = chatModel

@description('Embeds knowledge and questions.')
param embeddingModel modelDeployment = {
  model: 'text-embedding-3-small'
  version: '1'
  sku: 'GlobalStandard'
  capacity: 120
}

@description('Azure AI Content Safety judges harm and guards chats.')
param contentSafety bool = false

@description('Azure AI Search for flows that retrieve from an index, as connection "search".')
param search bool = false

@description('Storage, models and topic are reached over private endpoints only.')
param isolateNetwork bool = false

@description('With isolateNetwork: addresses that may still reach storage, such as those of the runners that push.')
param allowedIpRanges string[] = []

@description('The repository whose commits are pushed, as owner/name; empty: no identity for pushing is made.')
param githubRepository string = ''
param githubBranch string = 'main'

@description('The ids of the repository\'s owner and of the repository, of which GitHub makes the subjects of its tokens since July 2026 (docs/github.md); empty: names alone.')
param githubOwnerId string = ''
param githubRepositoryId string = ''

@description('Who may call: tokens of this tenant for this application (docs/access.md).')
param entraTenant string = ''
param entraAudience string = ''

@description('Who may call, by the SHA-256 of their keys: FLOWGATE_KEYS.')
param accessKeys string = ''

@description('Every other setting of docs/settings.md that is to be set, by name.')
param settings object = {}

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS', 'Standard_RAGZRS'])
@description('Where copies of storage are kept; not every region has zones.')
param storageRedundancy string = 'Standard_ZRS'

@description('Days that logs and telemetry are kept.')
@allowed([30, 60, 90, 120, 180, 270, 365, 550, 730])
param retentionDays int = 90

@description('US dollars a month, of which 80 and 100 % are told by e-mail, to the owners where no address is given; 0: no budget.')
param monthlyBudget int = 0

@description('First day of a month, such as 2026-12-01. A budget\'s start cannot be changed once it is made: azd keeps it; empty: this month.')
param budgetStart string = ''
param thisMonth string = utcNow('yyyy-MM-01')

@description('Who is told of alerts and of the budget.')
param alertEmails string[] = []

@description('Thresholds of alerts, by the rule\'s name: { \'slow-turns\': 8000 } (docs/operate.md has the defaults).')
param alertThresholds object = {}

@description('Who deploys: may push to `flows`, ask the models, and run `flowgate doctor --azure`. azd sets it.')
param operatorPrincipalId string = ''

@allowed(['', 'User', 'Group', 'ServicePrincipal'])
@description('Empty, where azd does not set it: Azure looks it up.')
param operatorPrincipalType string = ''

@description('A deployment of a model under the model\'s own name, by which prices are known. Its capacity is in thousands of tokens a minute.')
type modelDeployment = {
  model: string

  @description('Empty: the one that Azure offers first.')
  version: string
  sku: modelSku
  capacity: int
}

@description('Where a model may answer: anywhere, in the data zone, or in the region alone, and whether capacity is reserved.')
type modelSku =
  | 'GlobalStandard'
  | 'DataZoneStandard'
  | 'Standard'
  | 'GlobalProvisionedManaged'
  | 'DataZoneProvisionedManaged'
  | 'ProvisionedManaged'

type alwaysReady = {
  name: string
  instanceCount: int
}

var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module resources 'resources.bicep' = {
  name: 'flowgate'
  scope: group
  params: {
    location: location
    token: toLower(uniqueString(subscription().id, environmentName, location))
    tags: tags
    splitChat: splitChat
    scale: {
      nodeVersion: nodeVersion
      instanceMemoryMB: instanceMemoryMB
      maximumInstanceCount: maximumInstanceCount
      alwaysReadyHttp: alwaysReadyHttp
      alwaysReadyFunctions: alwaysReadyFunctions
      httpConcurrency: httpConcurrency
      queueConcurrency: queueConcurrency
    }
    openAiAccount: openAiAccount
    openAiResourceGroup: empty(openAiAccount) || empty(openAiResourceGroup) ? 'rg-${environmentName}' : openAiResourceGroup
    openAiDeployModels: openAiDeployModels
    chatModel: chatModel
    judgeModel: judgeModel
    embeddingModel: embeddingModel
    contentSafety: contentSafety
    search: search
    isolateNetwork: isolateNetwork
    allowedIpRanges: allowedIpRanges
    githubRepository: githubRepository
    githubBranch: githubBranch
    githubOwnerId: githubOwnerId
    githubRepositoryId: githubRepositoryId
    entraTenant: entraTenant
    entraAudience: entraAudience
    accessKeys: accessKeys
    settings: settings
    storageRedundancy: storageRedundancy
    retentionDays: retentionDays
    monthlyBudget: monthlyBudget
    budgetStart: empty(budgetStart) ? thisMonth : budgetStart
    alertEmails: alertEmails
    alertThresholds: alertThresholds
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
}

// What the command reads (docs/settings.md), under the names it reads it by; `azd env get-values` prints them.
output AZURE_SUBSCRIPTION_ID string = subscription().subscriptionId
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output FLOWGATE_URL string = resources.outputs.url
output FLOWGATE_CHAT_URL string = resources.outputs.chatUrl
output AzureWebJobsStorage__accountName string = resources.outputs.storageAccount
output AZURE_OPENAI_ENDPOINT string = resources.outputs.openAiEndpoint
// azd keeps outputs as settings: a name without its version would meet the version of a later default.
output FLOWGATE_MODEL string = chatModel.model
output FLOWGATE_MODEL_VERSION string = chatModel.version
output FLOWGATE_JUDGE_MODEL string = judgeModel.model
output FLOWGATE_JUDGE_MODEL_VERSION string = judgeModel.version
output FLOWGATE_EMBEDDING_MODEL string = embeddingModel.model
output FLOWGATE_EMBEDDING_MODEL_VERSION string = embeddingModel.version
output AZURE_CONTENT_SAFETY_ENDPOINT string = resources.outputs.contentSafetyEndpoint
output EVENT_GRID_TOPIC_ENDPOINT string = resources.outputs.topicEndpoint
output APPLICATIONINSIGHTS_CONNECTION_STRING string = resources.outputs.telemetry
output FLOWGATE_ENTRA_TENANT string = entraTenant
output FLOWGATE_ENTRA_AUDIENCE string = entraAudience

// For the workflows that push: the identities they sign in as.
output MAIN_CLIENT_ID string = resources.outputs.mainClientId
output PULL_REQUEST_CLIENT_ID string = resources.outputs.pullRequestClientId
