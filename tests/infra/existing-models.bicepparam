using '../../infra/main.bicep'

// The models are in an account that exists, in another resource group; and reached over a private endpoint; of the budget the owners are told.

param environmentName = 'existing'
param location = 'swedencentral'
param openAiAccount = 'contoso-models'
param openAiResourceGroup = 'rg-shared'
param isolateNetwork = true
param monthlyBudget = 100
param budgetStart = '2026-12-01'
