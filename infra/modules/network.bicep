// The network of an isolated deployment: one subnet for each app (Flex Consumption wants its own), one for private endpoints.

param token string
param location string
param tags object
param apps string[]

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.60.0.0/16'] }
    subnets: concat(
      [{ name: 'endpoints', properties: { addressPrefix: '10.60.0.0/24', privateEndpointNetworkPolicies: 'Disabled' } }],
      map(range(0, length(apps)), index => {
        name: apps[index]
        properties: {
          addressPrefix: '10.60.${index + 1}.0/24'
          // Tokens and telemetry leave for addresses outside.
          defaultOutboundAccess: true
          delegations: [{ name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      })
    )
  }
}

output id string = network.id
output name string = network.name
output endpointsSubnetId string = '${network.id}/subnets/endpoints'
