// What wakes somebody. Each rule is one file of infra/queries/alerts/; docs/operate.md says what to do at each.

param location string
param tags object
param insightsId string
param systemTopicId string
param emails string[]

@description('Thresholds other than those below, by the rule\'s name.')
param thresholds object

var rules = [
  {
    name: 'failing-turns'
    query: loadTextContent('../queries/alerts/failing-turns.kql')
    measure: 'failed_share'
    dimensions: ['flow']
    threshold: 5
    severity: 1
    minutes: 15
  }
  {
    name: 'slow-turns'
    query: loadTextContent('../queries/alerts/slow-turns.kql')
    measure: 'p95_ms'
    dimensions: ['flow']
    threshold: 15000
    severity: 2
    minutes: 15
  }
  {
    name: 'throttled'
    query: loadTextContent('../queries/alerts/throttled.kql')
    measure: 'tries'
    dimensions: ['model']
    threshold: 20
    severity: 2
    minutes: 15
  }
  {
    name: 'quota'
    query: loadTextContent('../queries/alerts/quota.kql')
    measure: 'tries'
    dimensions: ['model']
    threshold: 0
    severity: 1
    minutes: 15
  }
  {
    name: 'rolled-back'
    query: loadTextContent('../queries/alerts/rolled-back.kql')
    measure: 'releases'
    dimensions: ['flow', 'happened']
    threshold: 0
    severity: 1
    minutes: 15
  }
  {
    name: 'recertification'
    query: loadTextContent('../queries/alerts/recertification.kql')
    measure: 'failed'
    dimensions: ['flow']
    threshold: 0
    severity: 2
    minutes: 15
  }
  {
    name: 'failed-runs'
    query: loadTextContent('../queries/alerts/failed-runs.kql')
    measure: 'runs'
    dimensions: ['flow']
    threshold: 0
    severity: 2
    minutes: 15
  }
  {
    name: 'poison'
    query: loadTextContent('../queries/alerts/poison.kql')
    measure: 'messages'
    dimensions: ['queue']
    threshold: 0
    severity: 2
    minutes: 15
  }
  {
    name: 'waiting'
    query: loadTextContent('../queries/alerts/waiting.kql')
    measure: 'seconds'
    dimensions: ['queue']
    threshold: 600
    severity: 2
    minutes: 15
  }
  {
    name: 'silent'
    query: loadTextContent('../queries/alerts/silent.kql')
    // The count of its rows, where fewer are the trouble.
    measure: ''
    dimensions: []
    threshold: 1
    severity: 1
    minutes: 15
  }
  {
    name: 'unguarded'
    query: loadTextContent('../queries/alerts/unguarded.kql')
    measure: 'turns'
    dimensions: ['flow', 'guardrail']
    threshold: 0
    severity: 2
    minutes: 15
  }
  {
    name: 'online-quality'
    query: loadTextContent('../queries/alerts/online-quality.kql')
    measure: 'failing_share'
    dimensions: ['flow', 'metric']
    threshold: 20
    severity: 2
    minutes: 360
  }
]

var actionGroups = empty(emails) ? [] : [group.id]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: 'flowgate'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'flowgate'
    enabled: true
    emailReceivers: [
      for (email, index) in emails: { name: 'email-${index}', emailAddress: email, useCommonAlertSchema: true }
    ]
  }
}

resource queryRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'flowgate-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Flowgate: ${rule.name}'
      description: '${substring(first(split(rule.query, '\n'))!, 3)} What to do: docs/operate.md, "${rule.name}".'
      enabled: true
      severity: rule.severity
      scopes: [insightsId]
      // A rule costs by how often it looks: every five minutes is for what users feel.
      evaluationFrequency: rule.minutes > 60 ? 'PT1H' : rule.severity == 1 ? 'PT5M' : 'PT15M'
      windowSize: rule.minutes > 60 ? 'PT${rule.minutes / 60}H' : 'PT${rule.minutes}M'
      autoMitigate: true
      criteria: {
        allOf: [
          union(
            {
              query: rule.query
              operator: empty(rule.measure) ? 'LessThan' : 'GreaterThan'
              threshold: thresholds[?rule.name] ?? rule.threshold
              timeAggregation: empty(rule.measure) ? 'Count' : 'Maximum'
              dimensions: map(rule.dimensions, name => { name: name, operator: 'Include', values: ['*'] })
              failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
            },
            empty(rule.measure) ? {} : { metricMeasureColumn: rule.measure }
          )
        ]
      }
      actions: { actionGroups: actionGroups }
    }
  }
]

// Of Event Grid's own: what it could not deliver never reached Flowgate.
resource undelivered 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'flowgate-undelivered'
  location: 'global'
  tags: tags
  properties: {
    description: 'Changes of flows that could not be delivered. What to do: docs/operate.md, "undelivered".'
    enabled: true
    severity: 1
    scopes: [systemTopicId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead letters'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: 'DeadLetteredCount'
          operator: 'GreaterThan'
          threshold: thresholds.?undelivered ?? 0
          timeAggregation: 'Total'
        }
      ]
    }
    actions: map(actionGroups, id => { actionGroupId: id })
  }
}
