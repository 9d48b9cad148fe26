// Tells people what the resource group costs; it stops nothing. FLOWGATE_DAILY_* and FLOWGATE_CHAT_DAILY_* do.

@description('US dollars a month.')
param amount int
param start string

@description('Empty: the owners of the resource group are told.')
param emails string[]

// A notification that names nobody is refused.
var told = { contactEmails: emails, contactRoles: empty(emails) ? ['Owner'] : [] }

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'flowgate'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: start }
    notifications: {
      expected: union(told, {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
      })
      near: union(told, {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
      })
      spent: union(told, {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Actual'
      })
    }
  }
}
