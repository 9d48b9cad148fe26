// One managed identity, and the GitHub workflows that may sign in as it without a secret.

param name string
param location string
param tags object

@description('Subjects of GitHub\'s tokens: repo:<owner>/<name>:ref:refs/heads/main or repo:<owner>/<name>:pull_request, names with or without @<id>.')
param githubSubjects string[] = []

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

// Azure writes one credential of an identity at a time.
@batchSize(1)
resource credentials 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = [
  for (subject, index) in githubSubjects: {
    parent: identity
    name: 'github-${index}'
    properties: {
      issuer: 'https://token.actions.githubusercontent.com'
      subject: subject
      audiences: ['api://AzureADTokenExchange']
    }
  }
]

output id string = identity.id
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
