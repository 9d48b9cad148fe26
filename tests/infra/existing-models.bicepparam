using '../../infra/main.bicep'

// The models are in an account that exists, in another resource group.

param environmentName = 'existing'
param location = 'swedencentral'
param openAiAccount = 'contoso-models'
param openAiResourceGroup = 'rg-shared'
param budgetStart = '2026-12-01'
