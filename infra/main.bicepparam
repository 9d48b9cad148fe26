using 'main.bicep'

// azd hands its environment over: `azd env set NAME value` sets what stands here. docs/deploy.md says what each is for.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'flowgate')
param location = readEnvironmentVariable('AZURE_LOCATION', 'swedencentral')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', '')

param splitChat = bool(readEnvironmentVariable('FLOWGATE_SPLIT_CHAT', 'false'))
param nodeVersion = readEnvironmentVariable('FLOWGATE_NODE_VERSION', '22')
param instanceMemoryMB = json(readEnvironmentVariable('FLOWGATE_INSTANCE_MEMORY', '2048'))
param maximumInstanceCount = int(readEnvironmentVariable('FLOWGATE_MAXIMUM_INSTANCES', '40'))
param alwaysReadyHttp = int(readEnvironmentVariable('FLOWGATE_ALWAYS_READY', '0'))
param alwaysReadyFunctions = json(readEnvironmentVariable('FLOWGATE_ALWAYS_READY_FUNCTIONS', '[]'))
param httpConcurrency = int(readEnvironmentVariable('FLOWGATE_HTTP_CONCURRENCY', '64'))
param queueConcurrency = int(readEnvironmentVariable('FLOWGATE_QUEUE_CONCURRENCY', '2'))

param openAiAccount = readEnvironmentVariable('FLOWGATE_OPENAI_ACCOUNT', '')
param openAiResourceGroup = readEnvironmentVariable('FLOWGATE_OPENAI_RESOURCE_GROUP', '')
param openAiDeployModels = bool(readEnvironmentVariable('FLOWGATE_OPENAI_DEPLOY_MODELS', 'false'))
param chatModel = {
  model: readEnvironmentVariable('FLOWGATE_MODEL', 'gpt-5.4-mini')
  version: readEnvironmentVariable('FLOWGATE_MODEL_VERSION', '2026-03-17')
  sku: readEnvironmentVariable('FLOWGATE_MODEL_SKU', 'GlobalStandard')
  capacity: int(readEnvironmentVariable('FLOWGATE_MODEL_CAPACITY', '200'))
}
param judgeModel = {
  model: readEnvironmentVariable('FLOWGATE_JUDGE_MODEL', 'gpt-5.4-mini')
  version: readEnvironmentVariable('FLOWGATE_JUDGE_MODEL_VERSION', '2026-03-17')
  sku: readEnvironmentVariable('FLOWGATE_JUDGE_MODEL_SKU', 'GlobalStandard')
  capacity: int(readEnvironmentVariable('FLOWGATE_JUDGE_MODEL_CAPACITY', '200'))
}
param embeddingModel = {
  model: readEnvironmentVariable('FLOWGATE_EMBEDDING_MODEL', 'text-embedding-3-small')
  version: readEnvironmentVariable('FLOWGATE_EMBEDDING_MODEL_VERSION', '1')
  sku: readEnvironmentVariable('FLOWGATE_EMBEDDING_MODEL_SKU', 'GlobalStandard')
  capacity: int(readEnvironmentVariable('FLOWGATE_EMBEDDING_MODEL_CAPACITY', '120'))
}
param contentSafety = bool(readEnvironmentVariable('FLOWGATE_CONTENT_SAFETY', 'false'))
param search = bool(readEnvironmentVariable('FLOWGATE_SEARCH', 'false'))

param isolateNetwork = bool(readEnvironmentVariable('FLOWGATE_ISOLATE_NETWORK', 'false'))
param allowedIpRanges = json(readEnvironmentVariable('FLOWGATE_ALLOWED_IP_RANGES', '[]'))

param githubRepository = readEnvironmentVariable('FLOWGATE_GITHUB_REPOSITORY', '')
param githubBranch = readEnvironmentVariable('FLOWGATE_GITHUB_BRANCH', 'main')
param githubOwnerId = readEnvironmentVariable('FLOWGATE_GITHUB_OWNER_ID', '')
param githubRepositoryId = readEnvironmentVariable('FLOWGATE_GITHUB_REPOSITORY_ID', '')

param entraTenant = readEnvironmentVariable('FLOWGATE_ENTRA_TENANT', '')
param entraAudience = readEnvironmentVariable('FLOWGATE_ENTRA_AUDIENCE', '')
param accessKeys = readEnvironmentVariable('FLOWGATE_KEYS', '')
param settings = json(readEnvironmentVariable('FLOWGATE_SETTINGS', '{}'))

param storageRedundancy = readEnvironmentVariable('FLOWGATE_STORAGE_REDUNDANCY', 'Standard_ZRS')
param retentionDays = json(readEnvironmentVariable('FLOWGATE_RETENTION_DAYS', '90'))
param budgetStart = readEnvironmentVariable('FLOWGATE_BUDGET_START', '')
param monthlyBudget = int(readEnvironmentVariable('FLOWGATE_MONTHLY_BUDGET', '0'))
param alertThresholds = json(readEnvironmentVariable('FLOWGATE_ALERT_THRESHOLDS', '{}'))
param alertEmails = json(readEnvironmentVariable('FLOWGATE_ALERT_EMAILS', '[]'))
