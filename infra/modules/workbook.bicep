// The dashboard of operators: each panel is one file of infra/queries/, whose first line is its title.

param location string
param tags object
param insightsId string

@description('How a panel is drawn: timechart, table, barchart.')
type panel = {
  query: string
  visualization: string
  @description('Per cent of the page.')
  width: int
}

var sections = [
  {
    title: 'Traffic'
    panels: [
      { query: loadTextContent('../queries/annotations.kql'), visualization: 'timechart', width: 100 }
      { query: loadTextContent('../queries/traffic.kql'), visualization: 'barchart', width: 50 }
      { query: loadTextContent('../queries/versions.kql'), visualization: 'table', width: 50 }
      { query: loadTextContent('../queries/latency.kql'), visualization: 'timechart', width: 50 }
      { query: loadTextContent('../queries/first-token.kql'), visualization: 'timechart', width: 50 }
      { query: loadTextContent('../queries/feedback.kql'), visualization: 'table', width: 50 }
    ]
  }
  {
    title: 'Releases'
    panels: [
      { query: loadTextContent('../queries/canary.kql'), visualization: 'table', width: 100 }
      { query: loadTextContent('../queries/canary-failures.kql'), visualization: 'timechart', width: 50 }
      { query: loadTextContent('../queries/canary-latency.kql'), visualization: 'timechart', width: 50 }
      { query: loadTextContent('../queries/releases.kql'), visualization: 'table', width: 100 }
    ]
  }
  {
    title: 'Quality'
    panels: [
      { query: loadTextContent('../queries/quality-over-time.kql'), visualization: 'timechart', width: 100 }
      { query: loadTextContent('../queries/quality.kql'), visualization: 'table', width: 100 }
      { query: loadTextContent('../queries/online-quality.kql'), visualization: 'timechart', width: 50 }
      { query: loadTextContent('../queries/online-scores.kql'), visualization: 'table', width: 50 }
      { query: loadTextContent('../queries/runs.kql'), visualization: 'table', width: 50 }
      { query: loadTextContent('../queries/refusals.kql'), visualization: 'table', width: 50 }
    ]
  }
  {
    title: 'Cost'
    panels: [
      { query: loadTextContent('../queries/cost.kql'), visualization: 'barchart', width: 50 }
      { query: loadTextContent('../queries/tokens.kql'), visualization: 'table', width: 50 }
    ]
  }
  {
    title: 'Errors'
    panels: [
      { query: loadTextContent('../queries/errors.kql'), visualization: 'table', width: 50 }
      { query: loadTextContent('../queries/throttled.kql'), visualization: 'timechart', width: 50 }
      { query: loadTextContent('../queries/filters.kql'), visualization: 'table', width: 50 }
      { query: loadTextContent('../queries/guardrails.kql'), visualization: 'table', width: 50 }
    ]
  }
  {
    title: 'Pipeline'
    panels: [
      { query: loadTextContent('../queries/queues.kql'), visualization: 'timechart', width: 50 }
      { query: loadTextContent('../queries/backlog.kql'), visualization: 'timechart', width: 50 }
      { query: loadTextContent('../queries/poison.kql'), visualization: 'table', width: 100 }
    ]
  }
]

var component = 'microsoft.insights/components'

var chosen = {
  type: 9
  name: 'chosen'
  content: {
    version: 'KqlParameterItem/1.0'
    style: 'pills'
    queryType: 0
    resourceType: component
    parameters: [
      {
        id: guid(insightsId, 'time')
        version: 'KqlParameterItem/1.0'
        name: 'TimeRange'
        label: 'Time'
        type: 4
        isRequired: true
        value: { durationMs: 86400000 }
        typeSettings: { selectableValues: map([1, 4, 24, 72, 168, 720], hours => { durationMs: hours * 3600000 }), allowCustom: true }
      }
      {
        id: guid(insightsId, 'flow')
        version: 'KqlParameterItem/1.0'
        name: 'Flow'
        type: 2
        isRequired: true
        query: loadTextContent('../queries/flows.kql')
        queryType: 0
        resourceType: component
        timeContextFromParameter: 'TimeRange'
        value: 'value::all'
        typeSettings: { additionalResourceOptions: ['value::all'], selectAllValue: '*', showDefault: false }
      }
      // One at a time, as milliseconds, dollars and scores of 1 to 5 share no axis.
      {
        id: guid(insightsId, 'metric')
        version: 'KqlParameterItem/1.0'
        name: 'Metric'
        label: 'Metric of the gate'
        type: 2
        isRequired: true
        query: loadTextContent('../queries/metrics.kql')
        queryType: 0
        resourceType: component
        timeContextFromParameter: 'TimeRange'
        value: 'value::1'
        typeSettings: { additionalResourceOptions: ['value::1'], showDefault: false }
      }
    ]
  }
}

func titleOf(query string) string => substring(first(split(query, '\n'))!, 3)

func itemOf(one panel) object => {
  type: 3
  name: titleOf(one.query)
  customWidth: string(one.width)
  content: {
    version: 'KqlItem/1.0'
    title: titleOf(one.query)
    query: one.query
    queryType: 0
    resourceType: 'microsoft.insights/components'
    timeContextFromParameter: 'TimeRange'
    visualization: one.visualization
    size: one.visualization == 'table' ? 1 : 0
    showExportToExcel: true
    noDataMessage: 'Nothing in this time.'
  }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insightsId, 'flowgate')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Flowgate'
    category: 'workbook'
    sourceId: insightsId
    version: '1.0'
    serializedData: string({
      version: 'Notebook/1.0'
      fallbackResourceIds: [insightsId]
      items: concat(
        [chosen],
        flatten(map(sections, section => concat(
          [{ type: 1, name: section.title, content: { json: '## ${section.title}' } }],
          map(section.panels, one => itemOf(one))
        )))
      )
    })
  }
}
