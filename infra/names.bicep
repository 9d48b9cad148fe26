// The names that code and infrastructure share. tests/infra/ holds them against the code.

@export()
@description('Flowgate\'s own containers, then what the platform needs: packages, the Functions host\'s state and keys, undelivered events.')
var containers = [
  'flows'
  'proposals'
  'registry'
  'cache'
  'traffic'
  'packages-pipeline'
  'packages-chat'
  'azure-webjobs-hosts'
  'azure-webjobs-secrets'
  'dead-letters'
]

@export()
var queues = [
  'flow-changes'
  'flow-snapshots'
  'evaluation-shards'
  'run-completions'
  'release-requests'
  'turn-samples'
]

@export()
@description('The containers whose changes are events.')
var watchedContainers = ['flows', 'proposals']

@export()
@description('Azure\'s built-in roles that are assigned anywhere here.')
var roles = {
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageQueueDataMessageSender: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  cognitiveServicesOpenAIUser: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'
  cognitiveServicesUser: 'a97b65f3-24c7-4388-baec-2e87135dc908'
  searchIndexDataReader: '1407120a-92aa-4202-b7e9-c0e197c71c8f'
  eventGridDataSender: 'd5a91429-5739-47e2-a06b-3470a27159e7'
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
}
