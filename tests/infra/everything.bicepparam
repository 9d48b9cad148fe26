using '../../infra/main.bicep'

// Every part that can be asked for.

param environmentName = 'everything'
param location = 'swedencentral'
param operatorPrincipalId = '11111111-1111-1111-1111-111111111111'
param splitChat = true
param alwaysReadyHttp = 2
param alwaysReadyFunctions = [{ name: 'function:shard-queued', instanceCount: 1 }]
param queueConcurrency = 4
param contentSafety = true
param search = true
param isolateNetwork = true
param allowedIpRanges = ['203.0.113.7']
param githubRepository = 'contoso/shop'
param githubOwnerId = '9919'
param githubRepositoryId = '821093847'
param entraTenant = '22222222-2222-4222-8222-222222222222'
param entraAudience = '33333333-3333-4333-8333-333333333333'
param settings = { FLOWGATE_CHAT_DAILY_COST: '$20' }
param monthlyBudget = 500
param budgetStart = '2026-12-01'
param alertThresholds = { 'slow-turns': 8000 }
param alertEmails = ['operations@example.com']
