using '../../infra/main.bicep'

// What `azd up` makes when nothing is set but the environment's name.

param environmentName = 'smallest'
param location = 'swedencentral'
